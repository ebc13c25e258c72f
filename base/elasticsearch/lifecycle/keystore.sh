#!/bin/bash
# Makes this node's keystore, or adds to the one that an init container of an overlay has left behind prepare.sh: so the
# server finds one and never writes it, and whoever comes before may still create it. A keystore holds the superuser's
# password as bootstrap.password until the cluster has stored it. Elasticsearch compares with that and never stores it
# by itself, and without it takes a random seed for the password: ReservedRealm in
# https://github.com/elastic/elasticsearch/tree/v9.5.3/x-pack/plugin/security
set -euo pipefail
umask 077
config=${CONFIG:-/usr/share/elasticsearch/config}
formed=${FORMED:-/opt/elasticsearch-formed}
password=${SUPERUSER:-/opt/elasticsearch-superuser}/password
own=${KEYSTORE:-/opt/elasticsearch-keystore}
work=$config/keystore.new
say() { echo "keystore: $*" >&2; }
refuse() {
  say "$@"
  exit 1
}

# The tool reads the settings of its folder, and fails where they name a variable that only the node's own container
# has: so it gets an empty one.
tool() { ES_PATH_CONF=$work elasticsearch-keystore "$@"; }

create() { [ -e "$work/elasticsearch.keystore" ] || tool create < /dev/null; }

add_password() {
  local value
  value=$(< "$password") # without the line ends that editors leave behind
  [[ $value != *$'\n'* ]] || refuse "the password in Secret elasticsearch-user-elastic must be a single line"
  # --force: creates the keystore, and asks no question where it has such an entry
  printf '%s\n' "$value" | tool add --force --stdin bootstrap.password
}

# Entries of the user's own: a file for each, named like the setting, with the bytes of its value.
add_own() {
  local file entries=()
  for file in "$own"/*; do
    [ -f "$file" ] || continue
    case ${file##*/} in
      bootstrap.password | keystore.seed) refuse "Secret elasticsearch-keystore must not set ${file##*/}, which is made" ;;
    esac
    entries+=("${file##*/}" "$file")
  done
  [ ${#entries[@]} -gt 0 ] || return 0
  # --force: a keystore that an overlay's container has left may have such an entry, and nobody could answer.
  tool add-file --force "${entries[@]}"
  say "with $((${#entries[@]} / 2)) entries of Secret elasticsearch-keystore"
}

# An earlier run of this container may have been killed half-way; its temporary file would make each start fail.
rm -rf "$work" "$config/elasticsearch.keystore.tmp"
mkdir "$work"
[ ! -e "$config/elasticsearch.keystore" ] || cp "$config/elasticsearch.keystore" "$work/"
if [ -s "$formed/superuser_stored" ]; then
  create
  say "the password of elastic is the one that is stored in the cluster"
elif [ -s "$password" ]; then
  add_password
  say "the password of elastic is that of Secret elasticsearch-user-elastic, until it is stored in the cluster"
elif [ -s "$formed/cluster_uuid" ]; then
  create
  say "WARNING: Secret elasticsearch-user-elastic is gone, and nobody knows whether its password was stored in the" \
    "cluster. If it was not, this node takes no password of elastic: the log of the Deployment credentials says what" \
    "to do."
else
  refuse "first start, but there is no Secret elasticsearch-user-elastic with a password: the cluster would form with" \
    "one that nobody knows. The Deployment credentials makes it (kubectl logs deployment/credentials), or whoever" \
    "makes your Secrets. Tried again by itself."
fi
add_own
chmod 660 "$work/elasticsearch.keystore" # as the tool makes it
mv "$work/elasticsearch.keystore" "$config/"
rm -r "$work"
