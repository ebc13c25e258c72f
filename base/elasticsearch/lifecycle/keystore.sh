#!/bin/bash
# Makes this node's keystore, or adds to the one that an overlay's init container has left. It holds the superuser's
# password as bootstrap.password until the cluster has stored it: Elasticsearch compares with that, never stores it, and
# without it takes a random seed (ReservedRealm in github.com/elastic/elasticsearch/tree/v9.5.3/x-pack/plugin/security).
set -euo pipefail
umask 077
config=${CONFIG:-/usr/share/elasticsearch/config}
formed=${FORMED:-/opt/elasticsearch-formed}
password=${SUPERUSER:-/opt/elasticsearch-superuser}/password
own=${KEYSTORE:-/opt/elasticsearch-keystore}
work=$config/keystore.new
say() { echo "keystore: $*" >&2; }
refuse() { say "$@" && exit 1; }
# The tool fails where the settings of its folder name a variable of the node's own container: so it gets an empty one.
tool() { ES_PATH_CONF=$work elasticsearch-keystore "$@"; }
# An earlier run of this container may have been killed half-way; its temporary file would make each start fail.
rm -rf "$work" "$config/elasticsearch.keystore.tmp"
mkdir "$work"
[ ! -e "$config/elasticsearch.keystore" ] || cp "$config/elasticsearch.keystore" "$work/"
create() { [ -e "$work/elasticsearch.keystore" ] || tool create < /dev/null; }
if [ -s "$formed/superuser_stored" ]; then
  create
  say "the password of elastic is the one that is stored in the cluster"
elif [ -s "$password" ]; then
  value=$(< "$password") # without the line ends that editors leave behind
  [[ $value != *$'\n'* ]] || refuse "the password in Secret elasticsearch-user-elastic must be a single line"
  # --force: creates the keystore, and asks no question where it has such an entry
  printf '%s\n' "$value" | tool add --force --stdin bootstrap.password
  say "the password of elastic is that of Secret elasticsearch-user-elastic, until it is stored in the cluster"
elif [ -s "$formed/cluster_uuid" ]; then
  create
  say "WARNING: Secret elasticsearch-user-elastic is gone, and nobody knows whether its password was stored in the" \
    "cluster. If it was not, this node takes no password of elastic: the log of the Deployment credentials says more."
else
  refuse "first start, but there is no Secret elasticsearch-user-elastic with a password: the cluster would form with" \
    "one that nobody knows. Deployment credentials makes it, or whoever makes your Secrets. Tried again by itself."
fi
# Entries of the user's own: a file for each, named like the setting, with the bytes of its value.
entries=()
for one in "$own"/*; do
  [[ $one != */@(bootstrap.password|keystore.seed) ]] || refuse "Secret elasticsearch-keystore must not set ${one##*/}"
  [ ! -f "$one" ] || entries+=("${one##*/}" "$one")
done
# --force: a keystore that an overlay's container has left may have such an entry, and nobody could answer.
[ ${#entries[@]} = 0 ] || tool add-file --force "${entries[@]}"
chmod 660 "$work/elasticsearch.keystore" # as the tool makes it
mv "$work/elasticsearch.keystore" "$config/"
rm -r "$work"
