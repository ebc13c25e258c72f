# `lab logs DIR`: everything that tells what happened, in one folder. Works on a lab that is half dead, too.

logs() {
  local to=$1 node
  mkdir -p "$to/control-plane" "$to/objects"
  cp "$LOG"/*.log "$to/control-plane/" 2> /dev/null || true
  for node in "${ALL_NODES[@]}"; do
    [ -d "$NODES/$node/log" ] || continue
    mkdir -p "$to/node-$node"
    cp "$NODES/$node"/log/*.log "$to/node-$node/" 2> /dev/null || true
    pod_logs "$NODES/$node/log/pods" "$to/node-$node/pods"
  done
  if timeout 5 "$KUBE_BIN/kubectl" get --raw /readyz > /dev/null 2>&1; then cluster_objects "$to/objects"; fi
  echo "$to"
}

# The kubelet keeps NAMESPACE_POD_UID/CONTAINER/RESTARTS.log, which are links only where the runtime logs elsewhere.
pod_logs() {
  [ -d "$1" ] || return 0
  mkdir -p "$2"
  cp -rL "$1/." "$2/" 2> /dev/null || true
}

cluster_objects() {
  local kind
  kube get events --all-namespaces --sort-by=.lastTimestamp > "$1/events.txt" 2>&1 || true
  kube get nodes,pods,statefulsets,persistentvolumeclaims,persistentvolumes --all-namespaces --output wide \
    > "$1/overview.txt" 2>&1 || true
  for kind in nodes pods statefulsets deployments jobs services endpointslices configmaps \
    persistentvolumeclaims persistentvolumes poddisruptionbudgets; do
    kube get "$kind" --all-namespaces --output yaml > "$1/$kind.yaml" 2>&1 || true
  done
}
