# May this node stop now? Sourced by pre-stop.sh.
# shellcheck shell=bash
# shellcheck source=base/elasticsearch/lifecycle/lib.sh
. "$(dirname "$0")/lib.sh"
told='' before='' still=0
# A lease counts for the time of a restart after its holder's last sign: what stopping may take, and three minutes to
# start again. Afterwards the others judge by the cluster alone.
lease_seconds=${LEASE_SECONDS:-$((${SHUTDOWN_SECONDS:-120} + 180))}

tell() {
  [ "$told" = "$*" ] || log "$@"
  told=$*
} # each reason once

own_shards() { # [staying] : $shards, a line "INDEX/SHARD ANSWER STATE" for each copy here. ANSWER: are enough other
  # copies started, with "staying" only on nodes that stay? Two, so that writes that wait for two go on, or as many as
  # there can be. "single" is an index without other copies
  local index shard state node _ key answer need
  local -A mine=() other=() all=()
  shard_copies || return
  while read -r index shard state node _; do
    [ -n "$index" ] || continue
    key=$index/$shard all[$key]=$((${all[$key]:-0} + 1))
    if [ "$node" = "$POD_NAME" ]; then
      mine[$key]=$state
      continue
    fi
    case $state in
      STARTED | RELOCATING) [ -n "${1:-}" ] && ! stays "$node" || other[$key]=$((${other[$key]:-0} + 1)) ;;
    esac
  done <<< "$copies"
  shards=''
  for key in "${!mine[@]}"; do
    need=$((all[$key] - 1))
    [ "$need" -le 2 ] || need=2
    [ -z "${1:-}" ] || [ "$need" -le "$replicas" ] || need=$replicas
    answer=no
    if [ "${all[$key]}" = 1 ]; then answer=single; elif [ "${other[$key]:-0}" -ge "$need" ]; then answer=yes; fi
    shards+="$key $answer ${mine[$key]}"$'\n'
  done
  shards=$(sort <<< "${shards%$'\n'}")
}

quorum_without_me() { # would the voters that are here, without me, still be a majority of the voters?
  local voters nodes me live=0 v parts
  parts='master_node,metadata.cluster_coordination.last_committed_config,nodes.*.name'
  es GET "/_cluster/state/master_node,metadata,nodes?filter_path=$parts" || return
  # the answer is what this node knew last: without a master it still names those that are gone
  if ! field master_node > /dev/null; then
    code=503
    return 1
  fi
  [[ $body =~ \"last_committed_config\":\[([^]]*)\] ]] || return
  voters=$(tr -d '"' <<< "${BASH_REMATCH[1]}" | tr , '\n')
  nodes=$(node_ids)
  me=$(grep " $POD_NAME$" <<< "$nodes" | cut -d ' ' -f 1)
  for v in $voters; do [ "$v" = "$me" ] || ! grep -q -- "^$v " <<< "$nodes" || live=$((live + 1)); done
  [ $((live * 2)) -gt "$(wc -l <<< "$voters")" ]
}

take_turn() { # the lease is mine: taken, renewed, or taken over when its holder gave no sign for long
  local spec holder renewed version
  spec="{\"holderIdentity\":\"$POD_NAME\",\"leaseDurationSeconds\":$lease_seconds,"
  spec+="\"renewTime\":\"$(date -u +%FT%T.%6NZ)\"}"
  lease PATCH "?fieldManager=$POD_NAME" "$spec" && return
  [ "$code" = 409 ] || {
    tell "waiting: cannot ask for the lease elasticsearch-restart (HTTP $code)"
    return 1
  }
  lease GET '' || return
  holder=$(field holderIdentity)
  renewed=$(date -d "$(field renewTime)" +%s 2> /dev/null)
  version=$(field resourceVersion)
  [ $(($(date +%s) - ${renewed:-0})) -gt "$lease_seconds" ] || {
    tell "waiting: $holder restarts"
    return 1
  }
  # with the version that was read: of two takers one fails
  kube PATCH "apis/coordination.k8s.io/v1/namespaces/leases/elasticsearch-restart?fieldManager=$POD_NAME&force=true" \
    -H 'Content-Type: application/apply-patch+yaml' \
    --data-binary "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",
      \"metadata\":{\"name\":\"elasticsearch-restart\",\"resourceVersion\":\"$version\"},\"spec\":$spec}" &&
    log "took the turn over from $holder, which gave no sign for more than $lease_seconds s"
}

spared() { # the cluster can do without me for the time of a restart
  # first, since what this node knows of shards may be old where no master is elected
  if ! quorum_without_me; then
    if [ "$code" = 503 ]; then
      tell "waiting: no master is elected"
    else
      tell "waiting: without this node the voters that are here are no majority"
    fi
    return 1
  fi
  own_shards || return
  if grep -q ' no ' <<< "$shards"; then
    tell "waiting: too few other started copies of $(grep ' no ' <<< "$shards" | cut -d ' ' -f 1 | paste -sd ' ')"
    return 1
  fi
  take_turn
}

hand_over() { # before a restart: a master resigns in favour of another node when it has no vote.
  # The others then lose a member, without an election
  local begin=$SECONDS
  # clearing gives back everybody's vote, so not while others give up theirs
  master && [ "$master" = "$POD_NAME" ] && excluded_votes && [ -z "$votes" ] || return 0
  REQUEST_SECONDS=12 es POST "/_cluster/voting_config_exclusions?node_names=$POD_NAME&timeout=10s" || {
    log "stops as the elected master: HTTP $code $(field reason)"
    return 0
  }
  until master && [ "$master" != "$POD_NAME" ]; do
    [ $((SECONDS - begin)) -lt "$PRE_STOP_BLIND_SECONDS" ] || break
    sleep 0.2
  done
  log "handed the cluster over to ${master:-nobody}"
  # the vote is needed again after the restart; what fails here is made up for by tidy
  ! excluded_votes ||
    [ "$votes" != "$POD_NAME" ] ||
    es DELETE '/_cluster/voting_config_exclusions?wait_for_removal=false'
  return 0
}

give_up_vote() { # fails, with the reason, when the nodes that stay would be no cluster
  REQUEST_SECONDS=25 es POST "/_cluster/voting_config_exclusions?node_names=$POD_NAME&timeout=20s" ||
    {
      tell "leaving for good: the vote cannot be given up yet (HTTP $code): $(field reason)"
      return 1
    }
}

moved() { # nothing of mine is needed here any more, and my vote is given up
  local names present moving last=$before
  before='' # what follows may fail, and then nothing has stood still
  if ! es GET '/_cluster/health?master_timeout=3s'; then
    if [ "$code" = 503 ]; then
      tell "leaving for good: no master is elected, so nothing can move"
    else
      tell "leaving for good: no answer about the cluster (HTTP $code)"
    fi
    return 1
  fi
  moving=$(($(field relocating_shards) + $(field initializing_shards)))
  if ! members || ! excluded_names; then
    tell "leaving for good: this node does not tell who belongs to the cluster (HTTP $code)"
    return 1
  fi
  present=$(while read -r n; do ! stays "$n" || echo "$n"; done <<< "$members" | wc -l)
  names=$(printf '%s\n' "$members" "$POD_NAME" | sort -u |
    while read -r n; do stays "$n" || echo "$n"; done | paste -sd ,)
  [ "$(sort -u <<< "$excluded" | paste -sd ,)" = "$names" ] || exclude_names "$names" ||
    {
      tell "leaving for good: cannot keep new shards away from here (HTTP $code): $(field reason)"
      return 1
    }
  own_shards staying || return
  if [ -n "$shards" ]; then
    tell "leaving for good: $(wc -l <<< "$shards") shards are still here"
    # a copy that fits nowhere else may stay behind, when enough others stay in the cluster,
    # all nodes that it could go to are there, and nothing moves
    before=$shards
    if grep -qE ' (no|single) | RELOCATING$' <<< "$shards" ||
      [ "$shards" != "$last" ] ||
      [ "$moving" != 0 ] ||
      [ "$present" -lt "$replicas" ]; then
      still=$SECONDS
      return 1
    fi
    [ $((SECONDS - still)) -ge "$READY_STALL_SECONDS" ] || return 1
  fi
  give_up_vote
}
