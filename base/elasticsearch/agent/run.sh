#!/bin/sh
# PID 1 of the container `agent`: starts the agent again when it ends. The container must not end with it: a pod whose
# native sidecar does not run is not ready, however well Elasticsearch is (kubernetes/kubernetes#142145).
here=$(dirname "$0")
ended=''
# Memory goes back between large answers: 15,000 indices of two copies take 178 MiB at most, without these settings 294.
export MALLOC_ARENA_MAX=1
trap 'ended=yes; kill "$node" 2> /dev/null' TERM INT
while [ -z "$ended" ]; do
  node --max-old-space-size=96 --max-semi-space-size=2 "$here/main.ts" &
  node=$!
  wait "$node" 2> /dev/null
  code=$?
  [ -z "$ended" ] || break
  echo "{\"@timestamp\":\"$(date -u +%FT%TZ)\",\"log.level\":\"WARN\",\"event.dataset\":\"delivery-reviews.agent\",\
\"message\":\"the agent ended with $code and is started again\"}"
  sleep 1
done
wait # for the agent: the signal ended only the wait above
