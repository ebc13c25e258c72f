#!/bin/bash
# Brings the cluster to what the index files say: pipeline, templates, settings, mapping, lifecycle policy.
# Everything is a PUT of a whole, so applying it again changes nothing.
# Applied at the start of this container, and hourly.
#
#   ELASTICSEARCH_URL  https://elasticsearch:9200       FILES        the folder of the index files
#   CA_FILE            the authority to trust            CREDENTIALS  username and password of a user who may do this
#   ONCE=yes           apply once and end: 0 when all of it is in place
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"
: "${ELASTICSEARCH_URL:?}" "${CA_FILE:?}" "${CREDENTIALS:?}" "${FILES:?}"
: "${REAPPLY_SECONDS:=3600}" "${RETRY_SECONDS:=30}" "${READY_FILE:=/tmp/ready}"

api() { request "$CREDENTIALS" "$1" "$ELASTICSEARCH_URL/$2" "${@:3}"; }

wait_for_cluster() {
  local status last=
  until status=$(api GET '_cluster/health?wait_for_status=yellow&timeout=20s') && [ "$status" = 200 ]; do
    # One line for each new state of things, not one for each try.
    if [ "$status" != "$last" ]; then log "waiting for the cluster: HTTP $status $(reason)"; fi
    last=$status
    sleep 2
  done
}

# put PATH BODY-FILE : a PUT that is tried again while the server is not able to answer
# (an election, an index that is being made).
put() {
  local status tries=0
  while status=$(api PUT "$1" "$2"); do
    case $status in
      2??) return 0 ;;
      000 | 429 | 5??) tries=$((tries + 1)) ;;
      *) tries=99 ;;
    esac
    if [ "$tries" -ge 15 ]; then
      log "PUT /$1: HTTP $status $(reason)"
      return 1
    fi
    sleep 2
  done
}

# component NAME SETTINGS-FILE [MAPPING-FILE] : one component template.
# The mapping comes with the analyzers that it names, or it is refused.
component() {
  printf '{"template":{"settings":%s%s}}' "$(< "$FILES/$2")" "${3:+,\"mappings\":$(< "$FILES/${3:-}")}" > "$body"
  put "_component_template/$1" "$body"
}

lifecycle() {
  local status
  status=$(api GET '_ilm/status')
  if [ "$status" = 400 ] || [ "$status" = 405 ]; then
    # A build without that module: everything else works, but nothing deletes old months.
    log "this server has no lifecycle policies: months of reviews are NOT deleted by themselves"
    return 0
  fi
  put _ilm/policy/reviews "$FILES/lifecycle-policy.json" && component reviews-lifecycle settings-lifecycle.json
}

# What exists already follows too: templates speak of new indices only.
existing_indices() {
  local file why="a field's type can't change in an index that exists"
  for file in "$FILES"/settings-live.json "$FILES"/settings-copies.json; do
    put 'reviews-*/_settings?allow_no_indices=true' "$file" || return 1
  done
  api GET 'reviews-*/_settings/index.uuid?allow_no_indices=true' > "$body"
  if [ "$(head -c 2 "$answer")" = '{}' ]; then return 0; fi
  if ! put 'reviews-*/_mapping?allow_no_indices=true' "$FILES/mappings.json"; then
    log "the new mapping stands for new months only; $why: see the reviews page of the documentation"
    return 1
  fi
}

index_design() {
  put _ingest/pipeline/reviews-by-month "$FILES/pipeline.json" &&
    component reviews-documents settings-fixed.json mappings.json &&
    component reviews-live settings-live.json &&
    component reviews-copies settings-copies.json &&
    lifecycle &&
    put _index_template/reviews-months "$FILES/template-months.json" &&
    put _index_template/reviews-name "$FILES/template-name.json" &&
    existing_indices
}

report() {
  if index_design; then
    : > "$READY_FILE"
    log "reviews: all in place"
  else
    rm -f "$READY_FILE"
    log "reviews: not all in place, trying again"
    return 1
  fi
}

wait_for_cluster
if [ "${ONCE:-}" = yes ]; then
  report
  exit
fi
while :; do
  if report; then pause=$REAPPLY_SECONDS; else pause=$RETRY_SECONDS; fi
  # In the background, so that the signal to stop is heard at once.
  sleep "$pause" &
  wait $!
done
