#!/bin/bash
# How the scripts of the previous version ask for the lease, word for word: lib.sh, take_turn() of leave.sh, and
# end_restart() of ready.sh. The first argument names what is called; take_turn ends with 0 where the lease is this
# pod's.
set -uo pipefail
sa=$ACCOUNT
lease_seconds=$((SHUTDOWN_SECONDS + 180))
code=000 body=''

tell() { echo "$@"; }
log() { echo "$@"; }

request() { # CURL-OPTIONS... : fills $code and $body
  local answer
  answer=$(curl -s --connect-timeout 3 -m "${REQUEST_SECONDS:-8}" -w '\n%{http_code}' "$@")
  code=${answer##*$'\n'} body=${answer%$'\n'*}
  [[ $code == 2* ]]
}

kube() { # METHOD PATH CURL-OPTIONS... : the API server, as the pod's service account.
  # Paths under namespaces/ get this namespace.
  local host=$KUBERNETES_SERVICE_HOST path=${2/namespaces\//namespaces\/$POD_NAMESPACE\/}
  [[ $host != *:* ]] || host="[$host]"
  request -X "$1" --cacert "$sa/ca.crt" -K <(printf 'header = "Authorization: Bearer %s"\n' "$(< "$sa/token")") \
    "${@:3}" "https://$host:$KUBERNETES_SERVICE_PORT/${path%/}"
}

field() { # KEY : the first plain value of that key in $body, a JSON text; fails when it is not there
  local re="\"$1\"[[:space:]]*:[[:space:]]*(\"([^\"]*)\"|[0-9.]+|true|false)"
  [[ $body =~ $re ]] || return 1
  if [[ ${BASH_REMATCH[1]} == \"* ]]; then echo "${BASH_REMATCH[2]}"; else echo "${BASH_REMATCH[1]}"; fi
}

lease() { # METHOD QUERY [SPEC] : the lease that lets one node restart at a time
  local object='{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"elasticsearch-restart"}'
  kube "$1" "apis/coordination.k8s.io/v1/namespaces/leases/elasticsearch-restart$2" \
    -H 'Content-Type: application/apply-patch+yaml' ${3:+--data-binary "$object,\"spec\":$3}"}
}

take_turn() { # the lease is mine: taken, renewed, or taken over when its holder gave no sign for long
  local spec holder renewed version
  spec="{\"holderIdentity\":\"$POD_NAME\",\"leaseDurationSeconds\":$lease_seconds,"
  spec+="\"renewTime\":\"$(date -u +%FT%T.%6NZ)\"}"
  lease PATCH "?fieldManager=$POD_NAME" "$spec" && return
  [ "$code" = 409 ] || {
    tell "waiting: cannot ask for the lease elasticsearch-restart (HTTP $code)"
    return 1
  }
  lease GET '' || return
  holder=$(field holderIdentity)
  renewed=$(date -d "$(field renewTime)" +%s 2> /dev/null)
  version=$(field resourceVersion)
  [ $(($(date +%s) - ${renewed:-0})) -gt "$lease_seconds" ] || {
    tell "waiting: $holder restarts"
    return 1
  }
  # with the version that was read: of two takers one fails
  kube PATCH "apis/coordination.k8s.io/v1/namespaces/leases/elasticsearch-restart?fieldManager=$POD_NAME&force=true" \
    -H 'Content-Type: application/apply-patch+yaml' \
    --data-binary "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",
      \"metadata\":{\"name\":\"elasticsearch-restart\",\"resourceVersion\":\"$version\"},\"spec\":$spec}" &&
    log "took the turn over from $holder, which gave no sign for more than $lease_seconds s"
}

end_restart() { # this node is back: the next one may go
  lease GET '' && [ "$(field holderIdentity)" = "$POD_NAME" ] || return 0
  # an apply without the field gives it up; only its owner can
  lease PATCH "?fieldManager=$POD_NAME" '{}' || log "cannot give the lease elasticsearch-restart back (HTTP $code)"
}

"$1"
