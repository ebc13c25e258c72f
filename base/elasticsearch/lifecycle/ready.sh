#!/bin/bash
# Readiness. Once for each start of the container: the node has joined, the cluster is the known one, and this node's shards have recovered.
# Afterwards: it answers, and it has a master.
set -uo pipefail
# shellcheck source=base/elasticsearch/lifecycle/tidy.sh
. "$(dirname "$0")/tidy.sh"
state=${STATE_DIR:-/tmp/lifecycle}/$(container_start)
formed=${FORMED:-/opt/elasticsearch-formed}/cluster_uuid
now() { date +%s; }

has_master() { (: < "/dev/tcp/127.0.0.1/${READINESS_PORT:-9399}") 2> /dev/null; } # the port is open while the node has one
answers() { request -o /dev/null --cacert "$home/config/certificates/ca.crt" "${ES_URL:-https://localhost:9200}/"; [ "$code" = 401 ] || [ "$code" = 200 ]; }

same_cluster() { # writes the marker "was formed" before any node turns ready, and refuses a second cluster
  local uuid known
  es GET '/_cluster/state/version' || return
  uuid=$(field cluster_uuid) && [ "$uuid" != _na_ ] || return
  if [ -s "$formed" ]; then
    known=$(< "$formed")
    [ "$known" = "$uuid" ] || log "this node belongs to cluster $uuid, but the known cluster is $known (ConfigMap elasticsearch-formed): not ready"
    [ "$known" = "$uuid" ]; return
  fi
  kube PATCH "api/v1/namespaces/configmaps/elasticsearch-formed?fieldManager=$POD_NAME" -H 'Content-Type: application/apply-patch+yaml' --data-binary @- << JSON ||
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"elasticsearch-formed","labels":{"app.kubernetes.io/part-of":"delivery-reviews"}},"data":{"cluster_uuid":"$uuid"}}
JSON
    { log "cannot write ConfigMap elasticsearch-formed (HTTP $code; 409 means that another cluster is known): not ready. $(field message)"; return 1; }
}

recovered() { # what makes progress is waited for, what cannot be assigned is not
  local picture delayed last since=$(($(now) - $(stat -c %Y "$state/first")))
  if [ "$since" -gt "$READY_RECOVERY_SECONDS" ]; then log "ready after $since s, although shards still recover"; return 0; fi
  es GET '/_cluster/health?wait_for_events=languid&timeout=3s' || return # just after joining there are tasks that nobody has begun
  if [ "$(field status)" = green ]; then return 0; fi
  delayed=$(field delayed_unassigned_shards)
  picture="$(field unassigned_shards) $(field initializing_shards) $delayed $(field number_of_in_flight_fetch)"
  es GET '/_cat/shards?h=state,node' || return
  if grep -q "^INITIALIZING *$POD_NAME *$" <<< "$body"; then echo "$picture" > "$state/picture"; return 1; fi
  last=$(cat "$state/picture" 2> /dev/null)
  # A delayed copy begins to recover within index.unassigned.node_left.delayed_timeout (1 minute), perhaps here: this node may have come without its data.
  if [ "$last" != "$picture" ] || [ "$delayed" != 0 ]; then echo "$picture" > "$state/picture"; return 1; fi
  since=$(($(now) - $(stat -c %Y "$state/picture")))
  [ "$since" -ge "$READY_STALL_SECONDS" ] && log "ready: nothing recovers here, and what is unassigned has not moved for $since s"
}

has_master && answers || exit 1
if [ ! -e "$state/recovered" ]; then
  mkdir -p "$state"; [ -e "$state/first" ] || touch "$state/first"
  same_cluster && recovered || exit 1
  touch "$state/recovered"; log "ready"
  end_restart
fi
tidy "$state/tidied"
exit 0
