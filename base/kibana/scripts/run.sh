#!/bin/bash
# Starts Kibana as its image does, and beside it the watch over what Kibana reads at its start only.
# https://github.com/elastic/kibana/blob/main/src/dev/build/tasks/os_packages/docker_generator/templates/base/Dockerfile
#
#   POD_IPS                      the pod's addresses
#   INSTANCES                    name whose addresses are those of all instances
#   AUTHORITY, TLS, LOGIN, KEYS  folders
# Needs what the image has: bash, coreutils, curl and getent.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=follow.sh
. "$here/follow.sh"
: "${POD_IPS:?}" "${POD_NAME:?}" "${INSTANCES:?}" "${AUTHORITY:?}" "${TLS:?}" "${LOGIN:?}" "${KEYS:?}"

value() { # FILE : for a variable; an empty one would be an empty password
  if [ ! -s "$1" ]; then
    log "$1 is missing or empty"
    exit 1
  fi
  cat "$1"
}

# Taken before anything is read: what changes in between is noticed then, and costs a restart at most.
read_at_start=$(checksum "${at_start[@]}")
served=$(checksum "${certificate[@]}")

# Kibana takes these by ${…} in kibana.yml. They are files until here:
# Kubernetes keeps no second copy of them in the pod's status or environment.
KIBANA_USER=$(value "$LOGIN/username")
KIBANA_USER_PASSWORD=$(value "$LOGIN/password")
KIBANA_SESSION_KEY=$(value "$KEYS/session")
KIBANA_SAVED_OBJECTS_KEY=$(value "$KEYS/saved-objects")
KIBANA_REPORTING_KEY=$(value "$KEYS/reporting")
# 0.0.0.0 answers no IPv6 (https://github.com/elastic/kibana/issues/245210), :: does not start where the kernel has no
# IPv6 (https://github.com/bitnami/charts/issues/17375). Where the pod has an IPv6 address, :: answers both;
# port-forward comes by localhost, of either kind.
case $POD_IPS in
  *:*) KIBANA_HOST=:: ;;
  *) KIBANA_HOST=0.0.0.0 ;;
esac
export KIBANA_USER KIBANA_USER_PASSWORD KIBANA_SESSION_KEY KIBANA_SAVED_OBJECTS_KEY KIBANA_REPORTING_KEY KIBANA_HOST

follow $$ "$read_at_start" "$served" &
exec "${KIBANA:-/usr/local/bin/kibana-docker}"
