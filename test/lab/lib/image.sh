# Container images: built here as archives in $IMAGES, and put into the nodes.

LAB_IMAGES=(elasticsearch node exporter)

# image [NAME...]: build the stand-ins for the images that a cluster would pull, all of them by default
image() {
  local name
  mkdir -p "$IMAGES" "$CACHE"
  [ $# -gt 0 ] || set -- "${LAB_IMAGES[@]}"
  for name in "$@"; do
    [ -x "$LAB_SRC/$name/image" ] || die "images are ${LAB_IMAGES[*]}, not '$name'"
    build_image "$name"
    load_into_running_nodes "$IMAGES/$name.tar"
  done
}

# One at a time: suites that run beside each other use the same images, and what these are made of.
build_image() {
  local key
  (
    flock 9
    key=$(image_key "$1")
    if up_to_date "$IMAGES/$1.tar" "$key"; then exit; fi
    say "building the image $1"
    "$LAB_SRC/$1/image" "$IMAGES/$1.tar"
    echo "$key" > "$IMAGES/$1.tar.key"
  ) 9> "$IMAGES/lock"
}

# unpacked: Elasticsearch as the image has it, but for owners and modes, for tests of one node; one caller at a time,
# and not while an image is made
unpacked() {
  mkdir -p "$CACHE/elasticsearch" "$IMAGES"
  (
    flock 9
    assemble_unpacked
  ) 9> "$IMAGES/lock"
}

assemble_unpacked() {
  local home=$CACHE/elasticsearch/home sources=$LAB_SRC/elasticsearch jdk key
  jdk=$("$sources/find-jdk") || die "a JDK 25 is needed: set JDK_HOME to its folder"
  key="$(image_key elasticsearch) $jdk"
  if up_to_date "$home" "$key"; then return; fi
  if up_to_date "$IMAGES/elasticsearch.tar" "$(image_key elasticsearch)"; then
    rm -rf "$home.part"
    cp -al "$CACHE/elasticsearch/root/usr/share/elasticsearch" "$home.part"
  else
    say "assembling Elasticsearch"
    "$sources/assemble" "$home.part" "$(cat "$sources/version")" "$jdk"
    ln -s "$jdk" "$home.part/jdk"
  fi
  rm -rf "$home"
  mv "$home.part" "$home"
  echo "$key" > "$home.key"
}

# image_key NAME: a hash of the image's sources, and of what all images are made with
image_key() {
  {
    cat "$LAB_SRC/lib/rootfs"
    oci_key
    (cd "$LAB_SRC/$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
  } | sha256sum | cut -d' ' -f1
}

oci_key() { cat "$LAB_SRC"/oci/*.ts | sha256sum | cut -d' ' -f1; }

# oci ARCHIVE IMAGE CONFIG_JSON ROOT...
oci() { "$LAB_SRC/lib/oci" "$@"; }

# load ARCHIVE.tar | load ROOTFS_DIR IMAGE [CONFIG_JSON]: on all running nodes, and on every node started later
load() {
  local source=${1:?} archive
  mkdir -p "$IMAGES"
  if [ -d "$source" ]; then
    [ -n "${2:-}" ] || die "load DIR needs the image's name"
    archive=$IMAGES/$(tr '/:' '__' <<< "$2").tar
    oci "$archive" "$2" "${3:-"{}"}" "$source"
  else
    archive=$IMAGES/$(basename "$source")
    [ "$(readlink -f "$source")" = "$(readlink -f "$archive")" ] || cp "$source" "$archive"
  fi
  load_into_running_nodes "$archive"
}

load_into_running_nodes() {
  local node
  for node in $(running_nodes); do
    node_exec "$node" "$LAB_SRC/lib/import-images" "$node" "$1"
  done
}
