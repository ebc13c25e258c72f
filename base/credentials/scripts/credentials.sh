#!/bin/bash
# Makes the credentials that are missing, each as one Secret, renews its own before their end or when asked to, and never changes what somebody else made.
# May be killed at any line and run twice at once. Needs bash, coreutils, grep, sed, curl, unzip and elasticsearch-certutil.
set -euo pipefail
umask 077
export LC_ALL=C
# shellcheck source=base/credentials/scripts/certificates.sh
. "$(dirname "$0")/certificates.sh"
# shellcheck source=base/credentials/scripts/rotation.sh
. "$(dirname "$0")/rotation.sh"
# shellcheck source=base/credentials/scripts/superuser.sh
. "$(dirname "$0")/superuser.sh"

: "${CERTIFICATE_DAYS:?}" "${RENEW_BEFORE_DAYS:?}" "${AUTHORITY_DAYS:?}" "${SPREAD_SECONDS:?}" "${KEEP_PREVIOUS_SECONDS:?}"
if [ "$RENEW_BEFORE_DAYS" -ge "$CERTIFICATE_DAYS" ] || [ "$AUTHORITY_DAYS" -le $((CERTIFICATE_DAYS + RENEW_BEFORE_DAYS)) ]; then
  log "RENEW_BEFORE_DAYS must be less than CERTIFICATE_DAYS, and AUTHORITY_DAYS more than both together: otherwise renewal would never end"
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

look() { # everything once; each part on its own, so that one that fails does not keep the others from being made
  local failed=0
  rm -rf "$1"
  mkdir "$1"
  cd "$1"
  # passwords first: they take no time, and nodes wait for both
  superuser || failed=1
  passwords || failed=1
  kibana_keys || failed=1
  certificates || failed=1
  change_superuser || failed=1
  cd /
  rm -rf "$1"
  return $failed
}

while :; do
  if look "${TMPDIR:-/tmp}/work"; then touch "${TMPDIR:-/tmp}/complete"; else rm -f "${TMPDIR:-/tmp}/complete"; fi
  [ -n "${LOOK_AGAIN_SECONDS:-}" ] || break
  sleep "$LOOK_AGAIN_SECONDS" & wait $!
done
[ -e "${TMPDIR:-/tmp}/complete" ]
