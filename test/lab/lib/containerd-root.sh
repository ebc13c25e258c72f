# Every node has its own containerd with its own copy of all images. Unpacking them is what takes time, so that is done
# once: into a template that each new node gets as hard links. It is safe, since nothing ever writes to an unpacked
# layer or a blob in place, and it saves memory as well: a file of an image is in the page cache once for all nodes.

TEMPLATE=$CACHE/containerd

# containerd_root NODE_HOME: what the node has already is kept
containerd_root() {
  local database
  if [ -d "$1/containerd" ]; then return; fi
  containerd_template
  rm -rf "$1/containerd.part"
  cp -al "$TEMPLATE/root" "$1/containerd.part"
  # databases are written in place
  find "$1/containerd.part" -name '*.db' -print0 | while IFS= read -rd '' database; do
    cp "$database" "$database.copy"
    mv "$database.copy" "$database"
  done
  cp -r --preserve=timestamps "$TEMPLATE/images" "$1/images"
  mv "$1/containerd.part" "$1/containerd"
}

# template_key: the archives that should be in it
template_key() {
  (
    cd "$IMAGES" && stat --format '%n %s %y' -- *.tar
    containerd --version
  ) | sha256sum | cut -d' ' -f1
}

containerd_template() {
  local key work=$TEMPLATE.part archive
  key=$(template_key)
  if [ "$(cat "$TEMPLATE/key" 2> /dev/null)" = "$key" ]; then return; fi
  say "unpacking the images"
  stop "$RUN/template.pid"
  rm -rf "$TEMPLATE" "$work"
  mkdir -p "$work/images" "$work/root"
  template_config "$work" > "$work/config.toml"
  spawn "$RUN/template.pid" "$LOG/template.log" containerd --config "$work/config.toml"
  wait_for 30 "containerd ($LOG/template.log)" template_answers "$work"
  for archive in "$IMAGES"/*.tar; do
    template_ctr "$work" --namespace k8s.io images import "$archive" > /dev/null
    touch "$work/images/$(basename "$archive")"
  done
  stop "$RUN/template.pid"
  echo "$key" > "$work/key"
  mv "$work" "$TEMPLATE"
}

template_config() {
  cat << EOF
version = 2
root = "$1/root"
state = "$1/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "$1/containerd.sock"
EOF
}

template_ctr() {
  local work=$1
  shift
  ctr --address "$work/containerd.sock" "$@"
}

template_answers() { template_ctr "$1" version > /dev/null 2>&1; }
