#!/bin/bash
# Makes the credentials that are missing, each as one Secret, renews its own before their end, and never changes what somebody else made.
# May be killed at any line and run twice at once. Needs bash, coreutils, grep, sed, curl, unzip and elasticsearch-certutil.
set -euo pipefail
umask 077
# shellcheck source=base/credentials/scripts/certificates.sh
. "$(dirname "$0")/certificates.sh"
# shellcheck source=base/credentials/scripts/users.sh
. "$(dirname "$0")/users.sh"

run() { # everything once; each part on its own, so that one that fails does not keep the others from being made
  local failed=0
  rm -rf "$1"
  mkdir "$1"
  cd "$1"
  # the users first: they take no time, and the nodes wait for both
  password elastic || failed=1
  { password operations && users_file operations=operations; } || failed=1
  certificate || failed=1
  cd /
  rm -rf "$1"
  return $failed
}

while :; do
  if run "${TMPDIR:-/tmp}/work"; then touch "${TMPDIR:-/tmp}/complete"; else rm -f "${TMPDIR:-/tmp}/complete"; fi
  [ -n "${LOOK_AGAIN_SECONDS:-}" ] || break
  sleep "$LOOK_AGAIN_SECONDS" & wait $!
done
[ -e "${TMPDIR:-/tmp}/complete" ]
