#!/bin/bash
# Builds the configuration folder of this node in an emptyDir. Runs before each start of the pod and again after a
# restart of the Kubernetes node, on what it left, so it begins by emptying the folder.
set -euo pipefail
# shellcheck source=base/elasticsearch/lifecycle/lib.sh
. "$(dirname "$0")/lib.sh"
into=${PREPARED:-/prepared}
settings=${SETTINGS:-/opt/elasticsearch-config}
membership=${MEMBERSHIP:-/opt/elasticsearch-membership}
formed=${FORMED:-/opt/elasticsearch-formed}/cluster_uuid
say() { echo "prepare: $*" >&2; }
refuse() {
  say "$@"
  exit 1
}

check_kernel() {         # the one setting that Elasticsearch refuses to start without
  local have need=262144 # https://www.elastic.co/docs/deploy-manage/deploy/self-managed/vm-max-map-count
  local wrong remedy
  have=$(< "${MAX_MAP_COUNT:-/proc/sys/vm/max_map_count}")
  wrong="vm.max_map_count is $have on Kubernetes node ${KUBERNETES_NODE:-?}, Elasticsearch needs at least $need"
  remedy="Set it on the node (sysctl -w vm.max_map_count=1048576), or run 'kubectl apply -k components/node-sysctl'"
  grep -qE '^node\.store\.allow_mmap: *false' "$into/elasticsearch.yml" || [ "$have" -ge "$need" ] ||
    refuse "$wrong (1048576 is recommended)." "$remedy, or set 'node.store.allow_mmap: false' for a test cluster."
}

own_name() { # the full name of this pod, as the kubelet wrote it into the hosts file:
  # certificates name it, no lookup is needed
  local words w
  while read -ra words; do
    for w in "${words[@]:1}"; do [[ $w != "$POD_NAME".* ]] || {
      echo "$w"
      return
    }; done
  done < "${HOSTS:-/etc/hosts}"
  refuse "no full name of $POD_NAME in /etc/hosts: the StatefulSet's serviceName must name its headless Service"
}

zone() { # of the Kubernetes node; 'unknown' when nobody can tell, which counts as one more zone
  local why tries=0
  if [ -n "${ZONE:-}" ]; then
    echo "$ZONE"
    return
  fi
  # the network of a new pod may open a moment after its start, where policies are enforced
  until kube GET "api/v1/nodes/${KUBERNETES_NODE:-}"; do
    case $code in 000 | 429 | 5*) tries=$((tries + 1)) ;; *) break ;; esac
    [ "$tries" -lt "${ZONE_TRIES:-15}" ] || break
    sleep "${POLL_SECONDS:-2}"
  done
  if [ "$code" = 200 ] && field 'topology\.kubernetes\.io/zone'; then return; fi
  case $code in
    200)
      why="Kubernetes node $KUBERNETES_NODE has no label topology.kubernetes.io/zone"
      say "WARNING: $why: copies of a shard may share a zone."
      ;;
    *)
      why="the zone of Kubernetes node ${KUBERNETES_NODE:-?} is unknown (HTTP $code)"
      say "WARNING: $why: before Kubernetes 1.35 pods are not told it;" \
        "add components/zone-lookup to the overlay. Until then copies of a shard may share a zone."
      ;;
  esac
  echo unknown
}

check_zone() { # ZONE : with forced awareness a zone outside the list gets no replicas
  local known="the configured zones '${AWARENESS_ZONES:-}' (spec.zones of ElasticsearchTopology)"
  [ -z "${AWARENESS_ZONES:-}" ] || [[ ,$AWARENESS_ZONES, == *",$1,"* ]] ||
    say "WARNING: this node is in zone '$1', which is not among $known."
}

fewer_processors() { # threads are sized by the processors that a JVM may use:
  # without a CPU limit those of the whole host, however small the memory is
  [[ ${MAX_PROCESSORS:-0}${PROCESSORS:-0} =~ ^[0-9]+$ ]] ||
    refuse "MAX_PROCESSORS must be a whole number, but is '${MAX_PROCESSORS:-}'"
  if [ "${MAX_PROCESSORS:-0}" -gt 0 ] && [ "${PROCESSORS:-0}" -gt "$MAX_PROCESSORS" ]; then
    echo "-XX:ActiveProcessorCount=$MAX_PROCESSORS"
  fi
}

first_voters() { # the bootstrap list, until the cluster has formed once.
  # "My disk is empty" would be the wrong test: see SOLUTION.md
  local uuid names start_over
  if [ -s "$formed" ]; then
    uuid=$(< "$formed")
    say "joining the existing cluster $uuid"
    start_over="kubectl -n ${POD_NAMESPACE:-NAMESPACE} delete configmap/elasticsearch-formed"
    [ -d "${DATA:-$home/data}/_state" ] ||
      say "this node's disk is empty; its copies come from the other nodes." \
        "Only if the claims of ALL nodes were deleted, start over with: $start_over" \
        "$(sed 's|^|pod/|' "$membership/initial_master_nodes.txt" | paste -sd ' ')"
    return
  fi
  names=$(paste -sd , "$membership/initial_master_nodes.txt")
  say "first start, with the voters $names"
  printf 'cluster.initial_master_nodes: [%s]\n' "$names"
}

# Mount points that the container runtime made belong to root: they are empty and may stay.
find "$into" -mindepth 1 -delete 2> /dev/null || true
cp -r "$home/config/." "$into/"
for file in "$settings"/*.yml; do
  cat "$file"
  echo
done > "$into/elasticsearch.yml" # an overlay may add files, also without a last line break
check_kernel
# Links to mounted folders, so that Elasticsearch sees what changes there.
ln -sfn membership/unicast_hosts.txt "$into/unicast_hosts.txt"
ln -sfn access/users/users "$into/users"
ln -sfn access/users/users_roles "$into/users_roles"
ln -sfn access/roles/roles.yml "$into/roles.yml"
printf -- '-Xms%s\n-Xmx%s\n' "$HEAP_SIZE" "$HEAP_SIZE" > "$into/jvm.options.d/heap.options"
# By default the logs of garbage collections may fill 2 GB of the Kubernetes node, and a heap that is full, or the
# memory of a JVM that crashes, is written with the reviews in it. The log's path is relative on purpose: the server's
# working directory is the logs folder, and the JVMs that the launcher asks for their flags run in an empty one. An
# absolute path would be rotated by those, a path below logs/ stops every node before its start.
# https://www.elastic.co/docs/reference/elasticsearch/jvm-settings#gc-logging
# https://github.com/elastic/elasticsearch/pull/124966
printf '%s\n' -Xlog:disable -Xlog:all=warning:stderr:utctime,level,tags \
  '-Xlog:gc*,gc+age=trace,safepoint:file=gc.log:utctime,level,pid,tags:filecount=4,filesize=16m' \
  -XX:-HeapDumpOnOutOfMemoryError -XX:-CreateCoredumpOnCrash > "$into/jvm.options.d/dumps.options"
fewer_processors > "$into/jvm.options.d/processors.options"
zone=$(zone)
check_zone "$zone"
name=$(own_name)
voters=$(first_voters)
{
  printf '\n# Added by prepare.sh\nnetwork.publish_host: %s\nnode.attr.zone: %s\n' "$name" "$zone"
  [ -z "${AWARENESS_ZONES:-}" ] ||
    printf 'cluster.routing.allocation.awareness.force.zone.values: %s\n' "$AWARENESS_ZONES"
  [ -z "$voters" ] || printf '%s\n' "$voters"
} >> "$into/elasticsearch.yml"
say "$POD_NAME in zone $zone with a heap of $HEAP_SIZE"
