# Names and addresses. Nodes are a to i; everything about a node follows from its letter, so no state has to be kept:
# node b is node-b, 10.210.0.12, zone-b, pods 10.220.12.0/24.

BRIDGE=lab0
HOST_IP=10.210.0.1 # the API server, and the nodes' default route
NODE_NET=10.210.0.0/24
POD_NET=10.220.0.0/16
SERVICE_NET=10.96.0.0/16
DNS_IP=10.96.0.10
ALL_NODES=(a b c d e f g h i)

# node_index NODE: the number that its addresses end in
node_index() {
  [[ $1 =~ ^[a-i]$ ]] || die "node names are a to i, not '$1'"
  echo $((11 + $(printf %d "'$1") - 97))
}

node_ip() { echo "10.210.0.$(node_index "$1")"; }

pod_cidr() { echo "10.220.$(node_index "$1").0/24"; }

# zone_of NODE ZONES: nodes are dealt to the zones in turn, so 6 nodes over 3 zones are two in each
zone_of() {
  local index
  index=$(node_index "$1")
  echo "zone-${ALL_NODES[(index - 11) % $2]}"
}
