# Nodes. A node is a network, mount, PID, UTS and IPC namespace with containerd, kubelet, kube-proxy and kube-router in
# it, and a cgroup of its own. Its pid file is that of the `unshare` process outside; PID 1 inside is that one's child.

CGROUPS=/sys/fs/cgroup
CONTROLLERS=(cpu cpuacct cpuset memory pids devices freezer blkio systemd)

node_pidfile() { echo "$NODES/$1/run/pid"; }

node_runs() { running "$(node_pidfile "$1")"; }

running_nodes() {
  local node
  for node in "${ALL_NODES[@]}"; do
    if node_runs "$node"; then echo "$node"; fi
  done
}

node_must_exist() {
  node_index "$1" > /dev/null
  [ -d "$NODES/$1" ] || die "there is no node $1; there are: $(ls "$NODES" 2> /dev/null | tr '\n' ' ')"
}

# node_start NODE: a new node, or one that comes back with its disks
node_start() {
  local node=$1 home=$NODES/$1 cgroup="lab-$1"
  node_network "$node"
  if node_runs "$node"; then return; fi
  mkdir -p "$home"/{kubelet,log/pods,log/containers,cni-conf,cni-state,volumes,run}
  rm -rf "$home"/cni-state/* # address leases do not outlive a node's restart
  "$LAB_SRC/lib/pki" "$PKI" "$HOST_IP" "node-$node" "$(node_ip "$node")"
  containerd_root "$home"
  write_node_config "$node"
  cgroup_up "$cgroup"
  LAB_NODE=$node NODE_HOME=$home NODE_IP=$(node_ip "$node") NODE_ZONE=$(zone_of "$node" "$(zones)") \
  SERVICE_NET=$SERVICE_NET FREEZER=$CGROUPS/freezer/$cgroup \
    spawn "$(node_pidfile "$node")" "$home/log/init.log" \
    nsenter --net="/run/netns/lab-$node" \
    unshare --mount --uts --ipc --pid --fork --kill-child --mount-proc "$LAB_SRC/lib/node-init"
}

cgroup_up() {
  local controller cpuset=$CGROUPS/cpuset
  for controller in "${CONTROLLERS[@]}"; do mkdir -p "$CGROUPS/$controller/$1"; done
  # a new cpuset group is empty and takes no process before it has both of these
  cat "$cpuset/cpuset.cpus" > "$cpuset/$1/cpuset.cpus"
  cat "$cpuset/cpuset.mems" > "$cpuset/$1/cpuset.mems"
  echo 1 > "$cpuset/$1/cgroup.clone_children"
}

cgroup_down() {
  local group
  for group in "$CGROUPS"/*/"$1"; do
    [ ! -d "$group" ] || find "$group" -depth -type d -exec rmdir {} + 2> /dev/null || true
  done
}

# node_processes NODE: every process of the node, by host pid
node_processes() {
  local group=$CGROUPS/freezer/lab-$1
  [ ! -d "$group" ] || find "$group" -name cgroup.procs -exec cat {} + 2> /dev/null || true
}

node_is_empty() { [ -z "$(node_processes "$1")" ]; }

node_set_frozen() { # NODE FROZEN|THAWED
  local state=$CGROUPS/freezer/lab-$1/freezer.state
  [ ! -e "$state" ] || echo "$2" > "$state"
}

# Everything in the node dies at once. Its PID 1 takes the others along; what a start that was killed half-way left
# behind is in the freezer group.
node_kill() {
  local pid
  node_set_frozen "$1" THAWED # a frozen process does not die
  for pid in $(node_init_pid "$1") $(node_processes "$1"); do kill -9 "$pid" 2> /dev/null || true; done
  wait_for 20 "node $1 to die" node_is_empty "$1"
  rm -f "$(node_pidfile "$1")"
}

# node_init_pid NODE: the host's pid of the node's PID 1
node_init_pid() {
  local pid child
  pid=$(pid_of "$(node_pidfile "$1")") || return 0
  read -r child _ < "/proc/$pid/task/$pid/children" || true
  echo "$child"
}

# Link down first: the others see silence, no connection is reset.
node_crash() {
  node_must_exist "$1"
  ip link set "labv$1" down
  node_kill "$1"
}

node_freeze() {
  node_must_exist "$1"
  node_set_frozen "$1" FROZEN
}

node_thaw() {
  node_must_exist "$1"
  node_set_frozen "$1" THAWED
}

# node_exec NODE COMMAND...: in the node's namespaces
node_exec() {
  local pid
  node_must_exist "$1"
  pid=$(node_init_pid "$1")
  [ -n "$pid" ] || die "node $1 is not running"
  shift
  nsenter --target "$pid" --mount --uts --ipc --net --pid "$@"
}

node_is_ready() { [ "$(kube get node "node-$1" -o jsonpath="$READY" 2> /dev/null)" = True ]; }
READY='{.status.conditions[?(@.type=="Ready")].status}'
