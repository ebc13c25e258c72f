# What every part of the lab uses: where things are, how to fail, how to wait.

# Kept by `lab down`: binaries, images, caches. Everything of the running lab is below $STATE, which `lab down` deletes.
export LAB_HOME=${LAB_HOME:-/var/cache/delivery-reviews-lab}
BIN=$LAB_HOME/bin
IMAGES=$LAB_HOME/images
CACHE=$LAB_HOME/cache
STATE=$LAB_HOME/state
RUN=$STATE/run
LOG=$STATE/log
PKI=$STATE/pki
NODES=$STATE/nodes
export KUBECONFIG=$PKI/admin.kubeconfig

die() {
  echo "lab: $*" >&2
  exit 1
}

say() { echo "lab: $*" >&2; }

kube() { "$BIN/kubectl" "$@"; }

# wait_for SECONDS WHAT COMMAND...
wait_for() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || die "timed out waiting for $what"
    sleep 0.1
  done
}
