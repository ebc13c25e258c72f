# May this node stop now? Sourced by pre-stop.sh.
# shellcheck shell=bash
# shellcheck source=base/elasticsearch/lifecycle/lib.sh
. "$(dirname "$0")/lib.sh"
told='' before='' still=0
# A lease counts for the time of a restart after its holder's last sign. Afterwards the others judge by the cluster alone.
lease_seconds=${LEASE_SECONDS:-180}

tell() { [ "$told" = "$*" ] || log "$@"; told=$*; } # each reason once

own_shards() { # [REPLICAS] : $shards, a line "INDEX/SHARD ANSWER STATE" for each copy here. ANSWER: is another started copy on a node that
  # stays (an ordinal below REPLICAS, if given)? yes, no, or single when the index has no other copy at all
  local index shard state node _ key answer
  local -A mine=() other=() copies=()
  es GET '/_cat/shards?h=index,shard,state,node&master_timeout=3s' || return
  while read -r index shard state node _; do
    [ -n "$index" ] || continue
    key=$index/$shard copies[$key]=$((${copies[$key]:-0} + 1))
    if [ "$node" = "$POD_NAME" ]; then mine[$key]=$state; continue; fi
    case $state in STARTED | RELOCATING) [ -n "${1:-}" ] && [ "$(ordinal "$node")" -ge "$1" ] || other[$key]=1 ;; esac
  done <<< "$body"
  shards=''
  for key in "${!mine[@]}"; do
    answer=no
    if [ -n "${other[$key]:-}" ]; then answer=yes; elif [ "${copies[$key]}" = 1 ]; then answer=single; fi
    shards+="$key $answer ${mine[$key]}"$'\n'
  done
  shards=$(sort <<< "${shards%$'\n'}")
}

quorum_without_me() { # would the voters that are here, without me, still be a majority of the voters?
  local voters nodes me live=0 v
  es GET '/_cluster/state/metadata,nodes?filter_path=metadata.cluster_coordination.last_committed_config,nodes.*.name' || return
  [[ $body =~ \"last_committed_config\":\[([^]]*)\] ]] || return
  voters=$(tr -d '"' <<< "${BASH_REMATCH[1]}" | tr , '\n')
  nodes=$(grep -oE '"[^"]+":\{"name":"[^"]+"' <<< "$body" | sed -E 's/^"([^"]+)":\{"name":"([^"]+)"/\1 \2/')
  me=$(grep " $POD_NAME$" <<< "$nodes" | cut -d ' ' -f 1)
  for v in $voters; do [ "$v" = "$me" ] || ! grep -q -- "^$v " <<< "$nodes" || live=$((live + 1)); done
  [ $((live * 2)) -gt "$(wc -l <<< "$voters")" ]
}

take_turn() { # the lease is mine: taken, renewed, or taken over when its holder gave no sign for long
  local spec holder renewed version
  spec="{\"holderIdentity\":\"$POD_NAME\",\"leaseDurationSeconds\":$lease_seconds,\"renewTime\":\"$(date -u +%FT%T.%6NZ)\"}"
  lease PATCH "?fieldManager=$POD_NAME" "$spec" && return
  [ "$code" = 409 ] || { tell "waiting: cannot ask for the lease elasticsearch-restart (HTTP $code)"; return 1; }
  lease GET '' || return
  holder=$(field holderIdentity) renewed=$(date -d "$(field renewTime)" +%s 2> /dev/null) version=$(field resourceVersion)
  [ $(($(date +%s) - ${renewed:-0})) -gt "$lease_seconds" ] || { tell "waiting: $holder restarts"; return 1; }
  # with the version that was read: of two takers one fails
  kube PATCH "apis/coordination.k8s.io/v1/namespaces/leases/elasticsearch-restart?fieldManager=$POD_NAME&force=true" \
    -H 'Content-Type: application/apply-patch+yaml' --data-binary "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",
      \"metadata\":{\"name\":\"elasticsearch-restart\",\"resourceVersion\":\"$version\"},\"spec\":$spec}" &&
    log "took the turn over from $holder, which gave no sign for more than $lease_seconds s"
}

spared() { # the cluster can do without me for the time of a restart
  own_shards || return
  if grep -q ' no ' <<< "$shards"; then tell "waiting: no other started copy of $(grep ' no ' <<< "$shards" | cut -d ' ' -f 1 | paste -sd ' ')"; return 1; fi
  quorum_without_me || { tell "waiting: without this node the voters that are here are no majority"; return 1; }
  take_turn
}

moved() { # nothing of mine is needed here any more, and my vote is given up
  local names
  if ! members || ! excluded_names; then
    if [ "$code" = 503 ]; then tell "leaving for good: no master is elected, so nothing can move"; else tell "leaving for good: this node does not tell who belongs to the cluster (HTTP $code)"; fi
    return 1
  fi
  names=$(printf '%s\n' "$members" "$POD_NAME" | sort -u | while read -r n; do [ "$(ordinal "$n")" -lt "$replicas" ] || echo "$n"; done | paste -sd ,)
  [ "$(sort -u <<< "$excluded" | paste -sd ,)" = "$names" ] || exclude_names "$names" ||
    { tell "leaving for good: cannot keep new shards away from here (HTTP $code): $(field reason)"; return 1; }
  own_shards "$replicas" || return
  if [ -n "$shards" ]; then
    tell "leaving for good: $(wc -l <<< "$shards") shards are still here"
    # a copy that fits nowhere else may stay behind when another stays in the cluster and nothing moves any more
    if grep -qE ' (no|single) | RELOCATING$' <<< "$shards" || [ "$shards" != "$before" ]; then before=$shards still=$SECONDS; return 1; fi
    [ $((SECONDS - still)) -ge "$READY_STALL_SECONDS" ] || return 1
  fi
  # fails, with the reason, when the nodes that stay would be no cluster
  REQUEST_SECONDS=35 es POST "/_cluster/voting_config_exclusions?node_names=$POD_NAME&timeout=30s" ||
    { tell "leaving for good: the vote cannot be given up yet (HTTP $code): $(field reason)"; return 1; }
}
