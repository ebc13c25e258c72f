# The binaries: Kubernetes, etcd, CoreDNS, kube-router and pause, each from a pinned Go module in kubernetes/.
# Next to each binary lies the key of what it was built from; another key builds it again.

BINARIES=(
  kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet kubectl etcd coredns kube-router pause
)

# build [NAME...]: whatever has changed, of all binaries by default; one caller at a time, others wait. No root needed.
build() {
  [ $# -gt 0 ] || set -- "${BINARIES[@]}"
  [ -d "$LAB_SRC/kubernetes/k8s/$KUBERNETES" ] ||
    die "KUBERNETES is one of $(releases), not '$KUBERNETES'"
  mkdir -p "$KUBE_BIN" "$IMAGES"
  (
    flock 9
    for name in "$@"; do build_one "$name"; done
  ) 9> "$BIN/lock"
}

releases() { (cd "$LAB_SRC/kubernetes/k8s" && echo *); }

build_one() {
  case $1 in
    kube-router) build_binary "$1" policies github.com/cloudnativelabs/kube-router/v2/cmd/kube-router ;;
    kube*) BIN=$KUBE_BIN build_binary "$1" "k8s/$KUBERNETES" "k8s.io/kubernetes/cmd/$1" "$(kubernetes_flags)" ;;
    etcd) build_binary "$1" etcd go.etcd.io/etcd/server/v3 ;;
    coredns)
      build_binary "$1" dns .
      binary_image "$1" registry.k8s.io/coredns/coredns:lab
      ;;
    pause)
      build_binary "$1" pause .
      binary_image "$1" registry.k8s.io/pause:lab
      ;;
    *) die "binaries are ${BINARIES[*]}, not '$1'" ;;
  esac
}

# kubernetes_flags: without them the binaries call themselves v0.0.0, and clients refuse to speak to them
kubernetes_flags() {
  local package version
  version=$(sed -n 's|.*k8s.io/kubernetes \(v[0-9.]*\).*|\1|p' "$LAB_SRC/kubernetes/k8s/$KUBERNETES/go.mod")
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    echo -n " -X $package.gitVersion=$version -X $package.gitMajor=1 -X $package.gitMinor=${KUBERNETES#1.}"
    echo -n " -X $package.gitTreeState=clean -X $package.buildDate=2026-01-01T00:00:00Z"
  done
}

# binary_key MODULE_DIR PACKAGE FLAGS: a hash of everything that decides what the binary is
binary_key() {
  (
    cd "$1"
    sha256sum go.mod
    [ ! -e go.sum ] || sha256sum go.sum
    if [ "$2" = . ]; then sha256sum -- *.go; fi
    echo "$2 $3"
    go env GOVERSION GOOS GOARCH
  ) | sha256sum | cut -d' ' -f1
}

# build_binary NAME MODULE PACKAGE [LINKER_FLAGS]
build_binary() {
  local name=$1 module=$LAB_SRC/kubernetes/$2 package=$3 flags="-s -w${4:-}" key
  key=$(binary_key "$module" "$package" "$flags")
  if up_to_date "$BIN/$name" "$key"; then return; fi
  say "building $name"
  (cd "$module" && CGO_ENABLED=0 go build -trimpath -ldflags "$flags" -o "$BIN/$name.part" "$package")
  mv "$BIN/$name.part" "$BIN/$name"
  echo "$key" > "$BIN/$name.key"
}

# up_to_date FILE KEY
up_to_date() { [ -e "$1" ] && [ "$(cat "$1.key" 2> /dev/null)" = "$2" ]; }

# binary_image NAME IMAGE: an image with nothing in it but one static binary
binary_image() {
  local archive=$IMAGES/$1.tar key root
  key=$(cat "$BIN/$1.key")-$2-$(oci_key)
  if up_to_date "$archive" "$key"; then return; fi
  root=$(mktemp -d)
  install -m 755 "$BIN/$1" "$root/"
  chmod 755 "$root"
  oci "$archive" "$2" "{\"Entrypoint\": [\"/$1\"]}" "$root"
  rm -r "$root"
  echo "$key" > "$archive.key"
}
