# Watches the files that Kibana reads at its start only, and makes Kibana read them again. Sourced, never run.
# shellcheck shell=bash
# Its own certificate is read again on SIGHUP (https://github.com/elastic/kibana/pull/171823).
# The authority of Elasticsearch, the login and the keys are not: for them Kibana ends, and the kubelet starts it again
# in the same pod, one instance after the other.

certificate=("$TLS/tls.crt" "$TLS/tls.key")
at_start=(
  "$AUTHORITY/ca.crt" "$LOGIN/username" "$LOGIN/password"
  "$KEYS/session" "$KEYS/saved-objects" "$KEYS/reporting"
)

log() { echo "$(date -u +%FT%TZ) watch: $*" >&2; }

checksum() { cat "$@" | sha256sum; } # FILE... ; with pipefail it fails when one can't be read

hears_hangup() { # PID : until Kibana has said what SIGHUP means to it, the signal would end it
  local field mask
  while read -r field mask; do
    if [ "$field" = SigCgt: ]; then
      (((16#$mask & 1) == 1))
      return
    fi
  done < "/proc/$1/status"
  return 1
}

serves() { # anything but a clear "not available" counts as serving
  local code
  code=$(curl -sk -o /dev/null -w '%{http_code}' -m 5 "${STATUS_URL:-https://localhost:5601/api/status}") || return 0
  [ "$code" != 503 ]
}

before_me() { # how many instances go first: those whose address sorts before this one's
  local addresses address last='' count=0 digest
  if ! addresses=$(getent ahosts "$INSTANCES" | sort); then
    # no answer: then by the pod's name, which seldom makes two of them equal
    digest=$(sha256sum <<< "$POD_NAME")
    echo $((16#${digest:0:4} % 6))
    return
  fi
  while read -r address _; do
    if [ "$address" != "$last" ] && [[ $address < ${POD_IPS%%,*} ]]; then count=$((count + 1)); fi
    last=$address
  done <<< "$addresses"
  echo "$count"
}

stop() { # PID : by SIGTERM, and if that leads nowhere by SIGKILL; Kibana's own limit is server.shutdownTimeout
  local end=$((SECONDS + ${STOP_SECONDS:-60}))
  kill -TERM "$1"
  while [ "$SECONDS" -lt "$end" ]; do
    kill -0 "$1" 2> /dev/null || return 0
    sleep 1
  done
  kill -KILL "$1"
}

follow() { # PID READ-AT-START SERVED
  local pid=$1 read_at_start=$2 served=$3 now due='' place turn
  while sleep "${LOOK_SECONDS:-10}"; do
    # a file that can't be read now says nothing about what has changed
    if now=$(checksum "${certificate[@]}") && [ "$now" != "$served" ] && hears_hangup "$pid"; then
      log "the certificate is a new one: Kibana reads it again"
      kill -HUP "$pid"
      served=$now
    fi
    now=$(checksum "${at_start[@]}") || continue
    if [ "$now" = "$read_at_start" ]; then
      due=''
      continue
    fi
    if [ -z "$due" ]; then
      place=$(before_me)
      due=$((SECONDS + place * ${APART_SECONDS:-600}))
      turn="$place before it, so in $((due - SECONDS)) s"
      log "authority, login or keys have changed: Kibana starts again, $turn, or when it can't work any more"
    fi
    if [ "$SECONDS" -ge "$due" ] || ! serves; then
      log "Kibana starts again"
      stop "$pid"
      return
    fi
  done
}
