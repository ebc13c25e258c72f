# `lab check`: does this machine fit? Names everything that is missing and how to get it.

# FILE-or-COMMAND PACKAGE
CHECK_PACKAGES=(
  "containerd containerd" "runc runc" "/usr/lib/cni/bridge containernetworking-plugins" "ip iproute2"
  "iptables iptables" "nft nftables" "ipset ipset" "conntrack conntrack" "openssl openssl"
  "debootstrap debootstrap" "unzip unzip" "mvn maven" "nsenter util-linux" "sysctl procps"
)
CHECK_CPUS=2 CHECK_MEMORY_GIB=8 CHECK_DISK_GIB=15

FINDINGS=()
finding() { FINDINGS+=("$*"); }

check() {
  FINDINGS=()
  local PATH=$PATH:/usr/sbin:/sbin
  if [ "$(uname -s)" != Linux ]; then die "the lab needs Linux; this is $(uname -s)"; fi
  check_packages
  check_toolchains
  check_size
  if [ "$(id -u)" = 0 ]; then
    check_kernel
    check_addresses
  else
    finding "root: run it with sudo, or as root"
  fi
  [ ${#FINDINGS[@]} -gt 0 ] || {
    echo "lab: this machine fits; $(check_duration)"
    return
  }
  printf 'lab: missing: %s\n' "${FINDINGS[@]}" >&2
  return 1
}

# check_duration: as measured on two processors
check_duration() {
  if [ -e "$BIN/pause" ] && [ -e "$IMAGES/elasticsearch.tar" ]; then
    echo 'all is built: about a minute'
  else
    echo 'Kubernetes and its images are built first: about a quarter of an hour on two processors'
  fi
}

present() { case $1 in /*) [ -e "$1" ] ;; *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" > /dev/null ;; esac }

check_packages() {
  local entry missing=()
  for entry in "${CHECK_PACKAGES[@]}"; do
    present "${entry% *}" || missing+=("${entry#* }")
  done
  [ ${#missing[@]} = 0 ] || finding "packages: apt-get install ${missing[*]}"
}

check_toolchains() {
  local go
  present node && present npm || finding "Node.js 20.19 or newer with npm"
  [ -x "$LAB_SRC/../../node_modules/.bin/tsx" ] || finding "the project's own tools: npm ci"
  go=$(go env GOVERSION 2> /dev/null || true)
  at_least "${go#go}" 1.26 || finding "Go 1.26 or newer (found: ${go:-none})"
  "$LAB_SRC/elasticsearch/find-jdk" > /dev/null || finding "a JDK 25: set JDK_HOME to its folder"
}

# at_least VERSION WANTED
at_least() { [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

check_size() {
  local memory disk where=$LAB_HOME
  memory=$(awk '/^MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
  while [ ! -d "$where" ]; do where=$(dirname "$where"); done
  disk=$(df --output=avail --block-size=1G "$where" | tail -n 1)
  [ "$(nproc)" -ge "$CHECK_CPUS" ] || finding "$CHECK_CPUS processors (found: $(nproc))"
  lab_is_up || [ "$memory" -ge "$CHECK_MEMORY_GIB" ] ||
    finding "$CHECK_MEMORY_GIB GiB of available memory (found: $memory)"
  [ "$disk" -ge "$CHECK_DISK_GIB" ] || [ -d "$IMAGES" ] ||
    finding "$CHECK_DISK_GIB GiB of free disk below $where (found: ${disk// /}); or set LAB_HOME to another disk"
  check_watermark "$where"
}

# check_watermark FOLDER: Elasticsearch's nodes see the machine's disk. Above the low watermark, 85 % used and at most
# 200 GiB free, they take no copies, and no cluster turns green.
check_watermark() {
  local size free
  read -r size free < <(df --output=size,avail --block-size=1M "$1" | tail -n 1)
  [ "$free" -gt $((size * 15 / 100)) ] || [ "$free" -gt $((200 * 1024)) ] ||
    finding "15 % of the disk below $1 free, or Elasticsearch puts no copies there" \
      "(found: $((free * 100 / size)) %); or set LAB_HOME to another disk"
}

check_kernel() {
  local controller
  local boot='systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=yes cgroup_no_v1=none'
  for controller in "${CONTROLLERS[@]}"; do
    [ -e "$CGROUPS/$controller/cgroup.procs" ] || {
      finding "cgroup v1 hierarchies below $CGROUPS ($controller is not there): boot with $boot"
      break
    }
  done
  grep -qw overlay /proc/filesystems || modprobe overlay 2> /dev/null ||
    finding "the kernel's overlay file system: modprobe overlay"
  # tried in a network namespace that ends with the command; a program that is missing is named above, and says
  # nothing about the kernel
  ! present ip || unshare --net sh -c \
    'ip link add name bridge0 type bridge && ip link add name veth0 type veth peer name veth1' 2> /dev/null ||
    finding "the kernel's bridge and veth devices: modprobe bridge veth"
  ! present nft || unshare --net nft add table ip lab 2> /dev/null ||
    finding "the kernel's nf_tables: modprobe nf_tables"
  ! present ipset || unshare --net ipset create lab hash:ip 2> /dev/null ||
    finding "the kernel's ip_set: modprobe ip_set ip_set_hash_ip"
}

# The lab's networks and ports must be free; while it runs they are its own.
check_addresses() {
  local net port
  if lab_is_up || ! present ip; then return; fi
  for net in "$NODE_NET" "$POD_NET" "$SERVICE_NET"; do
    [ -z "$(
      ip route show to root "$net"
      ip route show to match "$net" | grep -v '^default' || true
    )" ] ||
      finding "the addresses $net, which the lab uses: this machine has a route to them already"
  done
  for port in 2379 2380 10257 10259; do
    [ -z "$(ss -Hltn "sport = :$port")" ] || finding "port $port on 127.0.0.1, which another process listens on"
  done
}

lab_is_up() { [ -e "/sys/class/net/$BRIDGE" ]; }
