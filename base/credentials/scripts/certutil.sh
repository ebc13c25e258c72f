#!/bin/bash
# Runs elasticsearch-certutil, which only this image has, for the program in the container beside
# (../program/certutil.ts). A request is a folder in $CERTUTIL/asked with the file "arguments": what (ca or cert), days,
# and a subject or names; for a certificate also ca.crt and ca.key. It ends in $CERTUTIL/answered, with the exit code,
# what the tool said, and the files that it made.
set -euo pipefail
umask 077
shared=${CERTUTIL:-/run/certutil}

certutil() { # FOLDER ARGUMENTS... : never longer than CERTUTIL_SECONDS, also when it hangs
  timeout -k 5 "$CERTUTIL_SECONDS" elasticsearch-certutil "${@:2}" --silent --pem --out "$1/made.zip" < /dev/null &&
    unzip -qjo "$1/made.zip" -d "$1"
}

run() { # FOLDER
  local what='' days='' names=''
  {
    read -r what
    read -r days
    read -r names
  } < "$1/arguments"
  # Nothing else reaches the tool. No part can be taken for an option: each stands behind one.
  if [[ $days =~ ^[1-9][0-9]{0,4}$ ]]; then
    case $what in
      ca)
        if [[ $names =~ ^CN=[A-Za-z0-9\ :-]+$ ]]; then
          certutil "$1" ca --days "$days" --ca-dn "$names"
          return
        fi
        ;;
      cert)
        if [[ $names =~ ^[a-z0-9*.,-]+$ ]]; then
          certutil "$1" cert --days "$days" --name tls --dns "$names" --ca-cert "$1/ca.crt" --ca-key "$1/ca.key"
          return
        fi
        ;;
    esac
  fi
  echo "certutil.sh does not know this request"
  return 2
}

trap 'exit 0' TERM
mkdir -p "$shared"/{asked,working,answered}
# An earlier run was killed in the middle; whoever asked asks again.
rm -rf "$shared"/working/*
# A pipe that nobody writes to: waiting for it starts no process, as `sleep` would, five times a second.
exec 3<> <(:)
while :; do
  for request in "$shared"/asked/*; do
    [ -d "$request" ] || continue
    folder=$shared/working/${request##*/}
    mv "$request" "$folder" || continue
    code=0
    run "$folder" > "$folder/said" 2>&1 || code=$?
    echo "$code" > "$folder/code"
    mv "$folder" "$shared/answered/"
  done
  read -r -t 0.2 -u 3 || true
done
