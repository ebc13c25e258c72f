# What every part of the lab uses: where things are, how to fail, how to wait.

# Kept by `lab down`: binaries, images, caches. Everything of the running lab is below $STATE, which `lab down` deletes.
# Who is not root can build too, for the tests: below a cache of their own.
default_home() {
  if [ "$(id -u)" = 0 ]; then
    echo /var/cache/delivery-reviews-lab
  else
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/delivery-reviews/lab"
  fi
}
LAB_HOME=${LAB_HOME:-$(default_home)}
export LAB_HOME
BIN=$LAB_HOME/bin
IMAGES=$LAB_HOME/images
CACHE=$LAB_HOME/cache
STATE=$LAB_HOME/state
RUN=$STATE/run
LOG=$STATE/log
PKI=$STATE/pki
NODES=$STATE/nodes
# The release of Kubernetes, a folder of kubernetes/k8s: of the running lab, else the one that is asked for. The
# binaries of the default lie where the tests look for them, each other release has a folder of its own.
DEFAULT_KUBERNETES=1.37
ASKED_KUBERNETES=${KUBERNETES:-}
asked_kubernetes() { echo "${ASKED_KUBERNETES:-$DEFAULT_KUBERNETES}"; }
use_kubernetes() {
  KUBERNETES=$1
  KUBE_BIN=$BIN
  [ "$1" = "$DEFAULT_KUBERNETES" ] || KUBE_BIN=$BIN/$1
  export KUBE_BIN
}
use_kubernetes "$(cat "$STATE/kubernetes" 2> /dev/null || asked_kubernetes)"
export KUBECONFIG=$PKI/admin.kubeconfig

die() {
  echo "lab: $*" >&2
  exit 1
}

say() { echo "lab: $*" >&2; }

kube() { "$KUBE_BIN/kubectl" "$@"; }

# wait_for SECONDS WHAT COMMAND...
wait_for() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || die "timed out waiting for $what"
    sleep 0.1
  done
}
