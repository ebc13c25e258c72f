# What the scripts of a pod's life share: calls to the API server and to the own Elasticsearch. Sourced, never run.
# shellcheck shell=bash
# Functions that call leave their result in variables, since a subshell would lose $code and $body. After a call, $code
# is the HTTP status (000: no answer) and $body the answer.

sa=${SERVICE_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
home=${ES_HOME:-/usr/share/elasticsearch}
code=000 body='' replicas='' first=0 members='' copies='' excluded='' votes='' master=''
export replicas members copies excluded votes master # read by the scripts that source this one

log() { # into the container's log, from a probe or hook too; stdout of those goes nowhere.
  # JSON, as the server's own lines are
  local line text=$*
  text=${text//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//[[:cntrl:]]/ }
  line="{\"@timestamp\":\"$(date -u +%FT%T.%3NZ)\",\"log.level\":\"INFO\",\"message\":\"$text\","
  line+="\"ecs.version\":\"1.2.0\",\"service.name\":\"ES_ECS\",\"event.dataset\":\"delivery-reviews.lifecycle\","
  line+="\"process.name\":\"$(basename "$0" .sh)\"}"
  echo "$line" > "${LOG_TO:-/proc/1/fd/1}" 2> /dev/null || echo "$line"
}

request() { # CURL-OPTIONS... : fills $code and $body
  local answer
  answer=$(curl -s --connect-timeout 3 -m "${REQUEST_SECONDS:-8}" -w '\n%{http_code}' "$@")
  code=${answer##*$'\n'} body=${answer%$'\n'*}
  [[ $code == 2* ]]
}

kube() { # METHOD PATH CURL-OPTIONS... : the API server, as the pod's service account.
  # Paths under namespaces/ get this namespace.
  local host=$KUBERNETES_SERVICE_HOST path=${2/namespaces\//namespaces\/$(< "$sa/namespace")\/}
  [[ $host != *:* ]] || host="[$host]"
  request -X "$1" --cacert "$sa/ca.crt" -K <(printf 'header = "Authorization: Bearer %s"\n' "$(< "$sa/token")") \
    "${@:3}" "https://$host:$KUBERNETES_SERVICE_PORT/${path%/}"
}

es() { # METHOD PATH CURL-OPTIONS... : this node, as the operations user, whose password is read anew at each call
  local d=${OPERATIONS_DIR:-/opt/elasticsearch-operations}
  # name and password of the same moment: the kubelet replaces the folder behind this link as a whole
  d=$(cd -P "$d/..data" 2> /dev/null && pwd) || d=${OPERATIONS_DIR:-/opt/elasticsearch-operations}
  request -X "$1" --cacert "$home/config/certificates/ca.crt" -H 'Content-Type: application/json' \
    -H @<(printf 'Authorization: Basic %s' "$(printf '%s:%s' "$(< "$d/username")" "$(< "$d/password")" | base64 -w0)") \
    "${@:3}" "${ES_URL:-https://localhost:9200}$2"
}

field() { # KEY : the first plain value of that key in $body, a JSON text; fails when it is not there
  local re="\"$1\"[[:space:]]*:[[:space:]]*(\"([^\"]*)\"|[0-9.]+|true|false)"
  [[ $body =~ $re ]] || return 1
  if [[ ${BASH_REMATCH[1]} == \"* ]]; then echo "${BASH_REMATCH[2]}"; else echo "${BASH_REMATCH[1]}"; fi
}

stays() { # POD : is it among the pods that are wanted, whatever number they start at (spec.ordinals.start)?
  # A node of another name is none of ours
  local n=${1##*-}
  [[ $n =~ ^[0-9]+$ ]] || return 0
  n=$((10#$n - first))
  [ "$n" -ge 0 ] && [ "$n" -lt "$replicas" ]
}

wanted_replicas() { # $replicas: how many pods the StatefulSet wants,
  # 0 when it or its namespace goes; fails, with '', when nobody can tell
  replicas=
  # a namespace that is deleted ends its pods first, while the StatefulSet still stands
  if kube GET api/v1/namespaces/ && [ "$(field phase)" = Terminating ]; then
    replicas=0
    return
  fi
  if kube GET "apis/apps/v1/namespaces/statefulsets/${POD_NAME%-*}"; then
    # managed fields and annotations hold no plain "replicas": of spec and status, spec comes first
    if field deletionTimestamp > /dev/null; then replicas=0; else
      replicas=$(field replicas)
      first=$(field start) || first=0
    fi
  elif [ "$code" = 404 ]; then
    replicas=0
  fi
  [ -n "$replicas" ]
}

node_ids() { # lines ID NAME of the nodes in $body, a cluster state; fails when there are none
  grep -oE '"[^"]+":\{"name":"[^"]+"' <<< "$body" | sed -E 's/^"([^"]+)":\{"name":"([^"]+)"/\1 \2/'
}

members() { # $members: names of the nodes that belong to the cluster now, one per line
  # not from GET /_cat/nodes, which asks each node and does not answer while one of them is silent
  es GET '/_cluster/state/nodes?filter_path=nodes.*.name' && members=$(node_ids | cut -d ' ' -f 2)
}

shard_copies() { # $copies: a line INDEX SHARD STATE NODE for each copy of each shard,
  # one that is unassigned without NODE
  # not from GET /_cat/shards, which asks each node for figures of all its shards,
  # and fails for all where one index has index.blocks.metadata
  local path='routing_table.indices.*.shards.*' parts
  parts="nodes.*.name,$path.state,$path.node,$path.shard,$path.index"
  es GET "/_cluster/state/nodes,routing_table?filter_path=$parts" || return
  copies=$(grep -oE '"state":"[^"]+","node":(null|"[^"]+"),"shard":[0-9]+,"index":"[^"]+"' <<< "$body" |
    sed -E 's/^"state":"([^"]+)","node":(null|"([^"]+)"),"shard":([0-9]+),"index":"([^"]+)"$/\5 \4 \1 \3/' |
    sed -f <(node_ids | sed -E 's/^(.+) (.+)$/s, \1$, \2,/'))
  # an answer of a shape that is not understood must not look like a node without shards
  [ "$(grep -c . <<< "$copies")" = "$(grep -o '"index":' <<< "$body" | wc -l)" ] ||
    {
      log "the list of shards has a shape that is not known here"
      code=000
      return 1
    }
}

excluded_names() { # $excluded: nodes that no shard may be allocated to, one per line
  es GET '/_cluster/settings?flat_settings=true' || return
  excluded=$(field 'cluster\.routing\.allocation\.exclude\._name') || excluded=''
  excluded=${excluded//,/$'\n'}
}

excluded_votes() { # $votes: nodes that have given up their vote, one per line
  es GET '/_cluster/state/metadata?filter_path=metadata.cluster_coordination.voting_config_exclusions.node_name' ||
    return
  votes=$(grep -o '"node_name":"[^"]*"' <<< "$body" | cut -d '"' -f 4) || votes=''
}

master() { # $master: the elected one; fails when there is none
  es GET '/_cat/master?h=node' && master=${body//[[:space:]]/} && [ -n "$master" ]
}

exclude_names() { # NAMES separated by commas, or nothing
  local value=null
  [ -z "$1" ] || value="\"$1\""
  es PUT '/_cluster/settings' -d "{\"persistent\":{\"cluster.routing.allocation.exclude._name\":$value}}"
}

lease() { # METHOD QUERY [SPEC] : the lease that lets one node restart at a time
  local object='{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"elasticsearch-restart"}'
  kube "$1" "apis/coordination.k8s.io/v1/namespaces/leases/elasticsearch-restart$2" \
    -H 'Content-Type: application/apply-patch+yaml' ${3:+--data-binary "$object,\"spec\":$3}"}
}

container_start() { # a name for this start of the container: it changes with the JVM, and after a node's restart
  local stat fields
  read -r stat < /proc/1/stat
  read -ra fields <<< "${stat##*) }"
  echo "$(< /proc/sys/kernel/random/boot_id)-${fields[19]}"
}
