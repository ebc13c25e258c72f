#!/bin/bash
# Makes the credentials that are missing, each as one Secret, renews its own before their end or when asked to, and
# never changes what somebody else made. May be killed at any line and run twice at once.
# Needs bash, coreutils, grep, sed, curl, unzip and elasticsearch-certutil.
set -euo pipefail
umask 077
export LC_ALL=C
# shellcheck source=base/credentials/scripts/certificates.sh
. "$(dirname "$0")/certificates.sh"
# shellcheck source=base/credentials/scripts/rotation.sh
. "$(dirname "$0")/rotation.sh"
# shellcheck source=base/credentials/scripts/superuser.sh
. "$(dirname "$0")/superuser.sh"

: "${CERTIFICATE_DAYS:?}" "${RENEW_BEFORE_DAYS:?}" "${AUTHORITY_DAYS:?}" \
  "${SPREAD_SECONDS:?}" "${KEEP_PREVIOUS_SECONDS:?}"
if [ "$RENEW_BEFORE_DAYS" -ge "$CERTIFICATE_DAYS" ] ||
  [ "$AUTHORITY_DAYS" -le $((CERTIFICATE_DAYS + RENEW_BEFORE_DAYS)) ]; then
  rule="RENEW_BEFORE_DAYS must be less than CERTIFICATE_DAYS, and AUTHORITY_DAYS more than both together"
  log "$rule: otherwise renewal would never end"
  exit 1
fi

passwords() { # of all users
  local name failed=0
  for name in "${users[@]}"; do user "$name" || failed=1; done
  # the first time there is nothing to rotate
  if fetch elasticsearch-users; then rotation || failed=1; fi
  users_file || failed=1
  return $failed
}

look() { # at everything; each part on its own, so that one that fails does not keep the others from being made
  local failed=0
  # passwords first: they take no time, and nodes wait for both
  superuser || failed=1
  passwords || failed=1
  kibana_keys || failed=1
  certificates || failed=1
  change_superuser || failed=1
  store_superuser || failed=1
  return $failed
}

in_folder() { # COMMAND : in a new one, which is removed afterwards
  local folder=${TMPDIR:-/tmp}/work done=0
  rm -rf "$folder"
  mkdir "$folder"
  cd "$folder"
  "$@" || done=$?
  cd /
  rm -rf "$folder"
  return $done
}

rest() { # until the next look, which comes at once when the cluster has formed and stored the superuser's password
  local end
  end=$(($(seconds) + LOOK_AGAIN_SECONDS))
  while [ -n "$to_store" ] && [ "$(seconds)" -lt "$end" ]; do
    sleep 2 &
    wait $!
    ! in_folder store_soon || return 0
  done
  end=$((end - $(seconds)))
  [ $end -le 0 ] || {
    sleep $end &
    wait $!
  }
}

while :; do
  if in_folder look; then touch "${TMPDIR:-/tmp}/complete"; else rm -f "${TMPDIR:-/tmp}/complete"; fi
  [ -n "${LOOK_AGAIN_SECONDS:-}" ] || break
  rest
done
[ -e "${TMPDIR:-/tmp}/complete" ]
