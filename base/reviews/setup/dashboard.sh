#!/bin/bash
# Imports the data view, the search and the dashboard into Kibana as soon as it answers, once for each start of this
# container. Objects keep their ids, so another import replaces them and adds nothing.
# Somebody who wants another dashboard saves a copy.
#
#   KIBANA_URL, CA_FILE  https://kibana:5601 and the authority to trust
#   SAVED_OBJECTS        the file that Kibana imports
#   CREDENTIALS          username and password of a user with the role reviews-dashboard
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"
: "${KIBANA_URL:?}" "${CA_FILE:?}" "${CREDENTIALS:?}" "${SAVED_OBJECTS:?}" "${LOOK_SECONDS:=10}"
last=

say_once() {
  if [ "$1" != "$last" ]; then log "$1"; fi
  last=$1
}

# 0 when Kibana says that it can work.
available() {
  local status
  status=$(request "$CREDENTIALS" GET "$KIBANA_URL/api/status")
  if [ "$status" = 200 ]; then return 0; fi
  say_once "waiting for Kibana (an environment without it stays here): HTTP $status"
  return 1
}

import() {
  local status
  status=$(request "$CREDENTIALS" POST "$KIBANA_URL/api/saved_objects/_import?overwrite=true" - \
    -H 'kbn-xsrf: true' --form "file=@$SAVED_OBJECTS")
  if [ "$status" = 200 ] && grep -q '"success":true' "$answer"; then
    last=
    log "dashboard imported"
    return 0
  fi
  say_once "the dashboard was not imported: HTTP $status $(head -c 500 "$answer")"
  return 1
}

until available && import; do
  if [ "${ONCE:-}" = yes ]; then exit 1; fi
  # In the background, so that the signal to stop is heard at once.
  sleep "$LOOK_SECONDS" &
  wait $!
done
if [ "${ONCE:-}" = yes ]; then exit 0; fi
# Done; a container of a Deployment has no end.
sleep infinity &
wait $!
