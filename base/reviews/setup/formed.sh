#!/bin/bash
# Writes the ConfigMap elasticsearch-formed (key cluster_uuid) once the cluster has formed: from then on no node may form another one.
# Server-side apply by name: the rights are one name, the same value again changes nothing, another value is a conflict and is never forced.
#
#   ELASTICSEARCH_URL, CA_FILE   as for setup.sh          CREDENTIALS  username and password of a user who may look at the cluster
#   API_URL, ACCOUNT             the API server and the directory of the service account (token, ca.crt, namespace)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"
: "${ELASTICSEARCH_URL:?}" "${CA_FILE:?}" "${CREDENTIALS:?}"
: "${ACCOUNT:=/var/run/secrets/kubernetes.io/serviceaccount}" "${LOOK_SECONDS:=2}" "${REAPPLY_SECONDS:=3600}" "${READY_FILE:=/tmp/formed}"
: "${API_URL:=https://${KUBERNETES_SERVICE_HOST:-}:${KUBERNETES_SERVICE_PORT:-}}"

# Sets uuid to the cluster's identity when it has one that a majority has stored, else to nothing.
identify() {
  local status
  uuid=
  status=$(request "$CREDENTIALS" GET "$ELASTICSEARCH_URL/_cluster/state/metadata?filter_path=metadata.cluster_uuid,metadata.cluster_uuid_committed&master_timeout=10s")
  if [ "$status" = 200 ] && grep -q '"cluster_uuid_committed":true' "$answer" && [[ $(< "$answer") =~ \"cluster_uuid\":\"([A-Za-z0-9_-]+)\" ]]; then
    uuid=${BASH_REMATCH[1]}
  elif [ "$status" != "$last" ]; then
    # One line for each new state of things, not one for each try.
    log "waiting for the cluster to form: HTTP $status $(reason)"
  fi
  last=$status
}

# mark UUID : 0 when the marker says UUID
mark() {
  local status url
  url="$API_URL/api/v1/namespaces/$(< "$ACCOUNT/namespace")/configmaps/elasticsearch-formed?fieldManager=elasticsearch-formed"
  printf '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"elasticsearch-formed","labels":{"app.kubernetes.io/part-of":"delivery-reviews"}},"data":{"cluster_uuid":"%s"}}' "$1" > "$body"
  status=$(kubernetes GET "${url%%\?*}")
  if [ "$status" = 200 ]; then
    if grep -q "\"cluster_uuid\": *\"$1\"" "$answer"; then return 0; fi
    if grep -q '"cluster_uuid"' "$answer"; then
      log "the marker elasticsearch-formed names another cluster than $1: data were lost or replaced. It is left as it is; delete it to accept this cluster."
      return 1
    fi
  elif [ "$status" != 404 ]; then
    log "GET elasticsearch-formed: HTTP $status $(reason)"
    return 1
  fi
  status=$(kubernetes PATCH "$url" -H 'Content-Type: application/apply-patch+yaml' --data-binary "@$body")
  case $status in
    200 | 201) log "the cluster $1 has formed: marker written" ;;
    *)
      log "PATCH elasticsearch-formed: HTTP $status $(reason)"
      return 1
      ;;
  esac
}

kubernetes() {
  : > "$answer"
  curl --silent --show-error --cacert "$ACCOUNT/ca.crt" -H @<(printf 'Authorization: Bearer %s' "$(< "$ACCOUNT/token")") \
    --connect-timeout "$CONNECT_SECONDS" --max-time 15 -X "$1" -o "$answer" -w '%{http_code}' "${@:3}" "$2" 2> "$answer.error" || true
}

last=
while :; do
  identify
  pause=$LOOK_SECONDS
  if [ -n "$uuid" ]; then
    if mark "$uuid"; then
      : > "$READY_FILE"
      if [ "${ONCE:-}" = yes ]; then exit 0; fi
      pause=$REAPPLY_SECONDS
    else
      rm -f "$READY_FILE"
      pause=30
    fi
  fi
  sleep "$pause" & wait $!
done
