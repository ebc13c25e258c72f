# One bridge on the host; each node is a network namespace on it; pod networks are routed between all of them.

FENCE=(
  "-i $BRIDGE ! -o $BRIDGE -j REJECT"
  "-o $BRIDGE -j ACCEPT" # Docker sets the policy of FORWARD to DROP
  "-i $BRIDGE -j ACCEPT"
)

bridge_up() {
  local owner
  if ip link show "$BRIDGE" > /dev/null 2>&1; then
    owner=$(bridge_owner)
    [ -z "$owner" ] || [ "$owner" = "$LAB_HOME" ] ||
      die "the lab of LAB_HOME=$owner is running; only one can run on a machine"
  else
    fence
    ip link add "$BRIDGE" type bridge
    ip link set "$BRIDGE" alias "$LAB_HOME"
  fi
  fence
  ip addr replace "$HOST_IP/24" dev "$BRIDGE"
  ip link set "$BRIDGE" up
}

bridge_owner() { cat "/sys/class/net/$BRIDGE/ifalias" 2> /dev/null || true; }

# No packet for a lab address, nor one from the lab, ever leaves this machine, also while a node is down.
fence() {
  local net rule
  for net in "$NODE_NET" "$POD_NET" "$SERVICE_NET"; do ip route replace unreachable "$net" metric 9999; done
  for rule in "${FENCE[@]}"; do
    # shellcheck disable=SC2086 # a rule is several words
    iptables -C FORWARD $rule 2> /dev/null || iptables -A FORWARD $rule
  done
}

fence_down() {
  local net rule
  for rule in "${FENCE[@]}"; do
    # shellcheck disable=SC2086
    while iptables -D FORWARD $rule 2> /dev/null; do :; done
  done
  for net in "$NODE_NET" "$POD_NET" "$SERVICE_NET"; do
    ip route del unreachable "$net" metric 9999 2> /dev/null || true
  done
}

node_network() {
  local node=$1 other ns="lab-$1" link="labv$1" address
  address=$(node_ip "$node")
  [ -e "/run/netns/$ns" ] || ip netns add "$ns"
  if ! ip link show "$link" > /dev/null 2>&1; then
    ip link add "$link" type veth peer name eth0 netns "$ns"
    ip link set "$link" master "$BRIDGE"
  fi
  ip -n "$ns" link set lo up
  ip -n "$ns" addr replace "$address/24" dev eth0
  ip -n "$ns" link set eth0 up
  ip -n "$ns" route replace default via "$HOST_IP"
  ip netns exec "$ns" sysctl -qw net.ipv4.ip_forward=1
  ip link set "$link" up
  ip route replace "$(pod_cidr "$node")" via "$address" dev "$BRIDGE"
  for other in "${ALL_NODES[@]}"; do
    if [ "$other" = "$node" ] || [ ! -e "/run/netns/lab-$other" ]; then continue; fi
    ip -n "$ns" route replace "$(pod_cidr "$other")" via "$(node_ip "$other")"
    ip -n "lab-$other" route replace "$(pod_cidr "$node")" via "$address"
  done
}

node_network_down() {
  ip link del "labv$1" 2> /dev/null || true
  if [ -e "/run/netns/lab-$1" ]; then ip netns del "lab-$1"; fi
}

# A cut node goes on running: nobody reaches it and it reaches nobody.
node_cut() {
  node_must_exist "$1"
  ip link set "labv$1" down
}

node_heal() {
  node_must_exist "$1"
  ip link set "labv$1" up
}
