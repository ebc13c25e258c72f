# Reading and writing Secrets through the API server with bash and curl. Sourced, never run.
# shellcheck shell=bash
# Nothing secret is ever an argument of a program or in the log.
# Functions run where `set -e` does not hold, so each says itself what happens when a step fails.

sa=${SERVICE_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
prefix=delivery-reviews.dev
code=000
declare -A told=()

log() { echo "$(date -u +%FT%TZ) $*" >&2; }

once() { # TOPIC TEXT... : into the log, unless the last text on this topic was the same; after an hour again
  local text
  text="$(date -u +%FT%H) ${*:2}"
  [ "${told[$1]:-}" = "$text" ] || log "${@:2}"
  told[$1]=$text
}

seconds() { date -u +%s; }
moment() { date -u -d "@$1" +%FT%TZ; } # SECONDS-SINCE-1970
since_1970() { [ -n "${1:-}" ] && date -u -d "$1" +%s 2> /dev/null; }

call() { # METHOD RESOURCE/NAME[?QUERY] CURL-OPTIONS... : in the own namespace.
  # $code is the HTTP status (000: no whole answer), the file ./answer the answer
  local host=$KUBERNETES_SERVICE_HOST
  [[ $host != *:* ]] || host="[$host]"
  rm -f answer
  code=$(curl -s --cacert "$sa/ca.crt" -K <(printf 'header = "Authorization: Bearer %s"\n' "$(< "$sa/token")") \
    --connect-timeout 3 -m 15 -X "$1" -o answer -w '%{http_code}' "${@:3}" \
    "https://$host:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$(< "$sa/namespace")/$2") || code=000
}

message() { # of an error, for the log; never of a Secret
  [[ ! -e answer || ! $(< answer) =~ \"message\":\ ?\"(([^\"\\]|\\.)*) ]] || echo "${BASH_REMATCH[1]}"
}

exists() { # RESOURCE/NAME : is it there? Asks until the API server says yes (./answer is it) or no.
  # 2: it may not be read, where that must stop nothing else
  while :; do
    call GET "$1"
    case $code in 200) return 0 ;; 404) return 1 ;; esac
    if [ "$code" = 403 ] && [ "${may_be_forbidden:-}" = yes ]; then
      once "$1" "may not read $1: does the Role credentials name it? $(message)"
      return 2
    fi
    once "$1" "cannot read $1 (HTTP $code): $(message); trying again"
    sleep 2
  done
}

fetch() { # SECRET : as the file SECRET.json; fails when there is none
  rm -f "$1.json"
  exists "secrets/$1" && mv answer "$1.json"
}

pairs() { # SECRET : lines KEY:BASE64 of its data
  # the plain key "data" stands nowhere else: managed fields say "f:data", and quotes inside of annotations are escaped
  [[ -e $1.json && $(< "$1.json") =~ \"data\":[[:space:]]*\{([^{}]*)\} ]] || return 0
  tr -d '"[:space:]' <<< "${BASH_REMATCH[1]}" | tr , '\n' | sort
}

data() { # SECRET KEY FILE : its value, decoded; fails when there is none
  local key value
  while IFS=: read -r key value; do
    if [ "$key" = "$2" ] && [ -n "$value" ]; then
      base64 -d <<< "$value" > "$3"
      return
    fi
  done < <(pairs "$1")
  return 1
}

text() { # SECRET KEY FILE : the same without line ends, which editors and `--from-file` leave behind
  data "$1" "$2" "$3" && printf %s "$(< "$3")" > "$3.text" && mv "$3.text" "$3" && [ -s "$3" ]
}

note() { # SECRET KEY : an annotation with our prefix; fails when there is none
  local re="\"${prefix//./\\.}/$2\":[[:space:]]*\"([^\"\\]*)\""
  [[ -e $1.json && $(< "$1.json") =~ $re ]] && echo "${BASH_REMATCH[1]}"
}

# A Secret is ours as long as its data is what these scripts wrote last; the checksum of that is an annotation.
# Whoever writes even one value (External Secrets, SOPS, cert-manager, a person) has taken it over, and it is never
# changed here again.
checksum() { sha256sum | cut -c 1-64; } # of lines KEY:BASE64, sorted

ours() { # SECRET
  [ "$(note "$1" checksum)" = "$(pairs "$1" | checksum)" ] && ! grep -q '"ownerReferences":' "$1.json"
}

request() { # SECRET OLD-PAIRS EXTRA-METADATA ITEM... : ./request.
  # Items: KEY=FILE a value, KEY= none any more, @KEY=TEXT an annotation, @KEY= none
  local item key encoded notes='' values='' kept=$2
  for item in "${@:4}"; do
    key=${item%%=*}
    if [[ $key == @* ]]; then
      if [[ $item == *= ]]; then
        notes+=",\"$prefix/${key#@}\":null"
      else
        notes+=",\"$prefix/${key#@}\":\"${item#*=}\""
      fi
      continue
    fi
    kept=$(grep -v "^${key//./\\.}:" <<< "$kept")
    if [[ $item == *= ]]; then
      values+=",\"$key\":null"
      continue
    fi
    if ! encoded=$(base64 -w0 "${item#*=}") || [ -z "$encoded" ]; then
      log "nothing in ${item#*=} for Secret $1"
      return 1
    fi
    values+=",\"$key\":\"$encoded\""
    kept+=$'\n'$key:$encoded
  done
  # base64 needs no quoting in JSON
  printf \
    '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"%s"%s,"annotations":{"%s/checksum":"%s"%s}},"data":{%s}}' \
    "$1" "$3" "$prefix" "$(sed '/^$/d' <<< "$kept" | sort | checksum)" "$notes" "${values#,}" > request
}

create() { # SECRET ITEM... : makes it unless it is there; SECRET.json is the one that won
  local labels='"app.kubernetes.io/part-of":"delivery-reviews","app.kubernetes.io/managed-by":"credentials"'
  # Server-side apply without force and under this pod's own name:
  # what another made is a conflict, our own write whose answer was lost is not.
  request "$1" '' ",\"labels\":{$labels}" "${@:2}" || return
  while :; do
    call PATCH "secrets/$1?fieldManager=$HOSTNAME" \
      -H 'Content-Type: application/apply-patch+yaml' --data-binary @request
    case $code in
      200 | 201)
        log "made Secret $1"
        break
        ;;
      409)
        log "Secret $1 was made by another meanwhile"
        break
        ;;
    esac
    once "$1" "cannot make Secret $1 (HTTP $code): $(message); trying again"
    sleep 2
  done
  fetch "$1"
}

change() { # SECRET ITEM... : changes what SECRET.json says, and renews that file; of two writers the later one fails
  local version
  [[ -e $1.json && $(< "$1.json") =~ \"resourceVersion\":[[:space:]]*\"([0-9]+)\" ]] || return
  version=${BASH_REMATCH[1]}
  request "$1" "$(pairs "$1")" ",\"resourceVersion\":\"$version\"" "${@:2}" || return
  call PATCH "secrets/$1?fieldManager=credentials" \
    -H 'Content-Type: application/merge-patch+json' --data-binary @request
  if [ "$code" = 200 ]; then
    mv answer "$1.json"
    return
  fi
  log "did not change Secret $1 (HTTP $code): $(message)"
  return 1
}
