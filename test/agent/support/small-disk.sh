#!/bin/sh
# Becomes a program that sees a small disk of its own in place of a folder: small-disk.sh FOLDER PROGRAM [ARGUMENT...]
set -e
mount -t tmpfs -o size=64k,nr_inodes=32 none "$1"
shift
exec "$@"
