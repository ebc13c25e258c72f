#!/bin/bash
# Before Elasticsearch stops: asks the agent until it says that this node may go. All that decides is there; here is the
# waiting, and the bound for an agent that does not answer: nothing would be learned by waiting for longer.
set -uo pipefail
agent=${AGENT:-/run/agent}
limit=${PRE_STOP_AGENT_SECONDS:-30}
[[ $limit =~ ^[0-9]+$ ]] || limit=30

# Seconds that nobody sets, unlike those of the clock, which bash's own follow.
tick() {
  read -r now _ < /proc/uptime
  now=${now%.*}
}

# Into the container's log: what a hook writes to its own output goes nowhere.
log() { printf '%s\n' "$1" > "${LOG_TO:-/proc/1/fd/1}" 2> /dev/null || printf '%s\n' "$1"; }

tick
began=$now
heard=$now
while :; do
  code=''
  # The status behind the text counts only where curl itself is content: it shows 200 for an answer that was cut, too.
  if answer=$(curl -sX POST -m 10 -w '\n%{http_code}' --unix-socket "$agent/agent.sock" \
    "http://agent/stop?seconds=$((now - began))"); then
    code=${answer##*$'\n'}
  fi
  tick
  if [ "$code" = 200 ] || [ "$code" = 202 ]; then
    heard=$now
    lines=${answer%$'\n'*}
    [ -z "$lines" ] || log "${lines%$'\n'}"
    [ "$code" = 202 ] || break
  elif [ $((now - heard)) -ge "$limit" ]; then
    log "{\"@timestamp\":\"$(date -u +%FT%T.%3NZ)\",\"log.level\":\"WARN\",\"ecs.version\":\"1.2.0\",\
\"service.name\":\"ES_ECS\",\"event.dataset\":\"delivery-reviews.agent\",\"process.name\":\"pre-stop\",\
\"message\":\"leaving: no answer of the agent for $((now - heard)) s, so nobody can tell what is needed here\"}"
    break
  fi
  sleep "${POLL_SECONDS:-2}"
done
