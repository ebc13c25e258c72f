#!/bin/bash
# Readiness. Once for each start of the container: the node has joined, the cluster is the known one, and this node's
# shards have recovered. Afterwards: it answers, and it has a master.
set -uo pipefail
# shellcheck source=base/elasticsearch/lifecycle/tidy.sh
. "$(dirname "$0")/tidy.sh"
state_dir=${STATE_DIR:-/tmp/lifecycle}/$(container_start)
formed=${FORMED:-/opt/elasticsearch-formed}/cluster_uuid
now() { date +%s; }

# the port is open while the node has one
has_master() { (: < "/dev/tcp/127.0.0.1/${READINESS_PORT:-9399}") 2> /dev/null; }
answers() {
  request -o /dev/null --cacert "$home/config/certificates/ca.crt" "${ES_URL:-https://localhost:9200}/"
  [ "$code" = 401 ] || [ "$code" = 200 ]
}

same_cluster() { # writes the marker "was formed" before any node turns ready, and refuses a second cluster
  local uuid known other why
  es GET '/_cluster/state/version' || return
  uuid=$(field cluster_uuid) && [ "$uuid" != _na_ ] || return
  if [ -s "$formed" ]; then
    known=$(< "$formed")
    other="the known cluster is $known (ConfigMap elasticsearch-formed)"
    [ "$known" = "$uuid" ] || log "this node belongs to cluster $uuid, but $other: not ready"
    [ "$known" = "$uuid" ]
    return
  fi
  kube PATCH "api/v1/namespaces/configmaps/elasticsearch-formed?fieldManager=$POD_NAME" \
    -H 'Content-Type: application/apply-patch+yaml' --data-binary @- << JSON ||
{"apiVersion":"v1","kind":"ConfigMap",\
"metadata":{"name":"elasticsearch-formed","labels":{"app.kubernetes.io/part-of":"delivery-reviews"}},\
"data":{"cluster_uuid":"$uuid"}}
JSON
    {
      why="HTTP $code; 409 means that another cluster is known"
      log "cannot write ConfigMap elasticsearch-formed ($why): not ready. $(field message)"
      return 1
    }
}

recovered() { # what is here has recovered, and no copy is missing that may come here.
  # What moves is waited for, what cannot be assigned is not
  local busy picture index shard state node _ here=' ' missing='' key last
  local since=$(($(now) - $(stat -c %Y "$state_dir/first")))
  if [ "$since" -gt "$READY_RECOVERY_SECONDS" ]; then
    log "ready after $since s, although shards still recover"
    return 0
  fi
  # just after joining there are tasks that nobody has begun
  es GET '/_cluster/health?wait_for_events=languid&timeout=3s' || return
  if [ "$(field status)" = green ]; then return 0; fi
  # a copy for this node may wait for the recoveries of another one,
  # or for a node that may return with it (index.unassigned.node_left.delayed_timeout)
  busy=$(($(field initializing_shards) + $(field delayed_unassigned_shards) + $(field number_of_in_flight_fetch)))
  shard_copies || return
  while read -r index shard state node _; do
    if [ "$node" = "$POD_NAME" ]; then
      here+="$index/$shard "
      [ "$state" != INITIALIZING ] || busy=1 missing+=" $index/$shard:here"
    elif [ "$state" = UNASSIGNED ]; then
      missing+=" $index/$shard"
    fi
  done <<< "$copies"
  picture=''
  for key in $missing; do [[ $here == *" $key "* ]] || picture+=" $key"; done # no node has two copies of a shard
  [ -n "$picture" ] || return 0
  last=$(cat "$state_dir/picture" 2> /dev/null)
  if [ "$busy" != 0 ] || [ "$last" != "$picture" ]; then
    echo "$picture" > "$state_dir/picture"
    return 1
  fi
  since=$(($(now) - $(stat -c %Y "$state_dir/picture")))
  [ "$since" -ge "$READY_STALL_SECONDS" ] &&
    log "ready: nothing recovers, and what is unassigned has not moved for $since s:$picture"
}

has_master && answers || exit 1
if [ ! -e "$state_dir/recovered" ]; then
  mkdir -p "$state_dir"
  [ -e "$state_dir/first" ] || touch "$state_dir/first"
  same_cluster && recovered || exit 1
  touch "$state_dir/recovered"
  log "ready"
  end_restart
fi
tidy "$state_dir/tidied"
exit 0
