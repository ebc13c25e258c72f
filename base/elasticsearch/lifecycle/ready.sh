#!/bin/bash
# Readiness. For the first time after each start of the container the agent decides: the node has joined the known
# cluster, and its shards have recovered. Afterwards only the node itself counts: it has a master, and it answers.
set -uo pipefail
agent=${AGENT:-/run/agent}
# A name for this start of the container: it changes with the JVM, and after a restart of the Kubernetes node.
read -r stat < /proc/1/stat
read -ra fields <<< "${stat##*) }"
start=$(< /proc/sys/kernel/random/boot_id)-${fields[19]}
if [ ! -e "$agent/admitted/$start" ]; then
  # Asks for it, by a file that is whole or not there. The answer is for the next look.
  printf '%s\n' "$start" > "$agent/start.new" && mv "$agent/start.new" "$agent/start"
  exit 1
fi
# The port is open while the node has a master.
(: < "/dev/tcp/127.0.0.1/${READINESS_PORT:-9399}") 2> /dev/null || exit 1
ca=${ES_HOME:-/usr/share/elasticsearch}/config/certificates/ca.crt
code=$(curl -s -o /dev/null -m 8 -w '%{http_code}' --cacert "$ca" "${ES_URL:-https://localhost:9200}/") || exit 1
[ "$code" = 401 ] || [ "$code" = 200 ]
