#!/bin/bash
# The cluster's health as this node sees it, as JSON:
# kubectl exec elasticsearch-0 -- bash /opt/elasticsearch-lifecycle/health.sh
set -uo pipefail
# shellcheck source=base/elasticsearch/lifecycle/lib.sh
. "$(dirname "$0")/lib.sh"
es GET /_cluster/health || {
  echo "HTTP $code $body" >&2
  exit 1
}
echo "$body"
