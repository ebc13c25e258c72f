#!/bin/sh
# What the exporter reads at its start only, as one line that tells nothing of it. A file that is missing says nothing.
set -eu
files="$LOGIN/username $LOGIN/password $AUTHORITY/ca.crt"
for file in $files; do
  [ -s "$file" ] || exit 1
done
# shellcheck disable=SC2086 # three words
cat $files | sha256sum
