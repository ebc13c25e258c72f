#!/bin/sh
# Starts the exporter with what it reads at its start only: login and authority. For the shell of its image (busybox).
# The password comes by the environment of this one process, since an argument is seen by everybody on the machine.
set -eu
here=$(dirname "$0")

# Noted before it is read: what changes in between is noticed, and costs a start at most.
sh "$here/checksum.sh" > "$READ_AT_START"
ES_USERNAME=$(cat "$LOGIN/username")
ES_PASSWORD=$(cat "$LOGIN/password")
export ES_USERNAME ES_PASSWORD

# Single actions, as the role reviews-monitoring has them: no index, no shard list, no task, no snapshot.
exec "${EXPORTER:-/bin/elasticsearch_exporter}" \
  --es.uri="$ELASTICSEARCH_URL" \
  --es.ca="$AUTHORITY/ca.crt" \
  --es.timeout="$ANSWER_WITHIN" \
  --es.all \
  --collector.clustersettings \
  --collector.health-report \
  --web.listen-address="${LISTEN:-:9114}"
