# Reading and writing Secrets through the API server with bash and curl. Sourced, never run.
# shellcheck shell=bash
# After a call, $code is the HTTP status (000: no answer) and the file ./answer the answer: never a variable or argument, never the log.

sa=${SERVICE_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
code=000

log() { echo "$(date -u +%FT%TZ) $*" >&2; }

call() { # METHOD RESOURCE/NAME[?QUERY] CURL-OPTIONS... : in the own namespace
  local host=$KUBERNETES_SERVICE_HOST
  [[ $host != *:* ]] || host="[$host]"
  rm -f answer
  code=$(curl -s --cacert "$sa/ca.crt" -K <(printf 'header = "Authorization: Bearer %s"\n' "$(< "$sa/token")") --connect-timeout 3 -m 15 \
    -X "$1" -o answer -w '%{http_code}' "${@:3}" "https://$host:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$(< "$sa/namespace")/$2") || true
}

message() { # of an error, for the log; never of a Secret
  [[ ! -e answer || ! $(< answer) =~ \"message\":\ ?\"(([^\"\\]|\\.)*) ]] || echo "${BASH_REMATCH[1]}"
}

exists() { # RESOURCE/NAME : is it there? Asks until the API server says yes (./answer is it) or no
  while :; do
    call GET "$1"
    case $code in 200) return 0 ;; 404) return 1 ;; esac
    log "cannot read $1 (HTTP $code): $(message); trying again"
    sleep 2
  done
}

value() { # KEY FILE : a data value of ./answer, decoded; fails when it is not there
  local re="\"${1//./\\.}\":[[:space:]]*\"([A-Za-z0-9+/=]+)\""
  [[ $(< answer) =~ $re ]] && base64 -d <<< "${BASH_REMATCH[1]}" > "$2"
}

annotation() { # KEY : of ./answer, with our prefix
  local re="\"delivery-reviews\.dev/$1\":[[:space:]]*\"([^\"]*)\""
  [[ $(< answer) =~ $re ]] && echo "${BASH_REMATCH[1]}"
}

version() { [[ $(< answer) =~ \"resourceVersion\":[[:space:]]*\"([0-9]+)\" ]] && echo "${BASH_REMATCH[1]}"; }

secret() { # NAME ANNOTATIONS RESOURCE-VERSION KEY=FILE... : ./request, a Secret. Base64 needs no quoting in JSON
  local pair encoded data=''
  for pair in "${@:4}"; do
    if ! encoded=$(base64 -w0 "${pair#*=}") || [ -z "$encoded" ]; then log "nothing in ${pair#*=} for $1"; return 1; fi
    data+="${data:+,}\"${pair%%=*}\":\"$encoded\""
  done
  printf '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s","labels":{"app.kubernetes.io/part-of":"delivery-reviews","app.kubernetes.io/managed-by":"credentials"},"annotations":{%s}%s},"data":{%s}}' \
    "$1" "$2" "${3:+,\"resourceVersion\":\"$3\"}" "$data" > request
}

create() { # NAME ANNOTATIONS KEY=FILE... : makes the Secret unless it is there
  # Server-side apply without force and under this pod's own name: what another made is a conflict, our own write whose answer was lost is not.
  secret "$1" "$2" '' "${@:3}" || return
  while :; do
    call PATCH "secrets/$1?fieldManager=$HOSTNAME" -H 'Content-Type: application/apply-patch+yaml' --data-binary @request
    case $code in
      200 | 201) log "made Secret $1"; return ;;
      409) log "Secret $1 was made by another meanwhile"; return ;;
    esac
    log "cannot make Secret $1 (HTTP $code): $(message); trying again"
    sleep 2
  done
}

replace() { # NAME ANNOTATIONS RESOURCE-VERSION KEY=FILE... : changes the Secret that was read; of two writers the later one fails
  secret "$@" || return
  call PATCH "secrets/$1" -H 'Content-Type: application/merge-patch+json' --data-binary @request
  if [ "$code" = 200 ]; then log "renewed Secret $1"; else log "did not renew Secret $1 (HTTP $code): $(message)"; return 1; fi
}
