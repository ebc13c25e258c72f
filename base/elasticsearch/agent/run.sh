#!/bin/sh
# PID 1 of the container `agent`: starts the agent again when it ends. The container must not end with it: a pod whose
# native sidecar does not run is not ready, however well Elasticsearch is (kubernetes/kubernetes#142145).
here=$(dirname "$0")
ended=''
node=''
trap 'ended=yes; kill "$node" 2> /dev/null' TERM INT
while [ -z "$ended" ]; do
  node --max-old-space-size="${AGENT_HEAP_MEGABYTES:-96}" "$here/main.ts" &
  node=$!
  code=0
  wait "$node" 2> /dev/null || code=$?
  [ -z "$ended" ] || break
  printf '{"@timestamp":"%s","log.level":"WARN","message":"the agent ended with %s and is started again",' \
    "$(date -u +%FT%TZ)" "$code"
  printf '"ecs.version":"1.2.0","service.name":"ES_ECS","event.dataset":"delivery-reviews.agent"}\n'
  sleep 1
done
