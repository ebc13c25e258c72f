#!/bin/bash
# Builds the configuration folder of this node in an emptyDir: the image's own files, and over them what the agent
# makes. Runs before each start of the pod, and again after a restart of the Kubernetes node, on what it left then.
set -euo pipefail
agent=${AGENT:-/run/agent}
home=${ES_HOME:-/usr/share/elasticsearch}
into=${PREPARED:-/prepared}
disk=used
[ -d "$home/data/_state" ] || disk=empty
# The agent may ask for the zone for half a minute. 22 is its refusal, with the reason; other codes are no whole answer.
until said=$(curl -sX POST -m 60 --fail-with-body --unix-socket "$agent/agent.sock" \
  "http://agent/prepare?disk=$disk"); do
  code=$?
  [ "$code" = 22 ] || said="prepare: the agent does not answer (curl $code): kubectl logs ${HOSTNAME:-POD} -c agent"
  if [ "$code" = 22 ] || [ "$SECONDS" -ge "${AGENT_SECONDS:-120}" ]; then
    printf '%s\n' "$said" >&2
    exit 1
  fi
  sleep 0.2
done
printf '%s\n' "$said" >&2
# What is there at the first run was written by a container that stands before this one, and would be lost.
if [ ! -e "$into/.prepared" ] && found=$(find "$into" -type f -print -quit) && [ -n "$found" ]; then
  echo "prepare: ${found#"$into"/} is of an init container that runs before prepare, which empties this folder. Let" \
    "the overlay's patch name prepare first, or put entries of the keystore into Secret elasticsearch-keystore" >&2
  exit 1
fi
touch "$into/.prepared"
# Mount points that the container runtime made belong to root: they are empty and may stay.
find "$into" -mindepth 1 ! -path "$into/.prepared" -delete 2> /dev/null || true
cp -r "$home/config/." "$into/"
cp -r "$agent/config/." "$into/"
