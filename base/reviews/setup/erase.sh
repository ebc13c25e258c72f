#!/bin/bash
# erase.sh CUSTOMER-ID : deletes every review of one customer, in all months, and proves that none is left.
# Search and bulk delete, page by page; may be started again at any time. ELASTICSEARCH_URL and CA_FILE as for setup.sh;
# ERASER is the folder with username and password of a user who may read and delete reviews.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$here/lib.sh"
: "${ELASTICSEARCH_URL:?}" "${CA_FILE:?}" "${ERASER:?}"
customer=${1:-}
if [ $# -ne 1 ] || [ -z "$customer" ]; then
  echo "usage: erase.sh CUSTOMER-ID" >&2
  exit 2
fi

api() { request "$ERASER" "$1" "$ELASTICSEARCH_URL/$2" "${@:3}"; }
must() { # METHOD PATH [BODY-FILE] [CURL-OPTION...] : an answer other than 200 ends the script
  local status
  status=$(api "$@")
  if [ "$status" != 200 ]; then
    log "$1 /$2: HTTP $status $(reason)"
    exit 1
  fi
}
# Prints how many reviews of the customer are searchable now.
found() {
  local parts=hits.total.value,hits.hits._index,hits.hits._id
  printf '{"query":{"term":{"customer_id":"%s"}},"size":1000,"_source":false,"track_total_hits":true}' \
    "$(json_escape "$customer")" > "$body"
  must POST "reviews/_search?allow_partial_search_results=false&filter_path=$parts" "$body"
  [[ $(< "$answer") =~ \"total\":\{\"value\":([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

must POST reviews/_refresh
first=$(found)
left=$first
log "customer $customer: $first reviews"
while [ "$left" -gt 0 ]; do
  # Each hit is {"_index":…,"_id":…}: with "delete" around it, a line of a bulk request.
  grep -o '{"_index":"[^"]*","_id":"\([^"\\]\|\\.\)*"}' "$answer" | sed 's/.*/{"delete":&}/' > "$body"
  must POST '_bulk?filter_path=errors,items.*.error' - -H 'Content-Type: application/x-ndjson' --data-binary "@$body"
  grep -q '"errors":false' "$answer" || {
    log "deleting failed: $(reason)"
    exit 1
  }
  must POST reviews/_refresh
  now=$(found)
  [ "$now" -lt "$left" ] || {
    log "no progress: still $now reviews"
    exit 1
  }
  left=$now
done
echo "customer $customer: $first reviews erased, none left. Snapshots taken before still hold them until they expire."
