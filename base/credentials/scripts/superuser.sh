# The password of the built-in user elastic, which is kept in the cluster and not in the users file. Sourced, never run.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/users.sh
. "$(dirname "${BASH_SOURCE[0]}")/users.sh"
# Until the cluster has stored it, it is only compared with, and each node has its own copy, in its keystore
# (lifecycle/keystore.sh). So as soon as the cluster has formed it is set through the API, and ConfigMap
# elasticsearch-formed gets the mark superuser_stored, which nodes read at their start. Whoever starts over with a new
# cluster deletes that ConfigMap, and the mark with it.

to_store='' # yes: the cluster has yet to form, or to answer; asked again every two seconds
proven=''   # checksum of the password that the cluster has accepted
marker=configmaps/elasticsearch-formed

by_hand() { # WHAT-TO-DO-WITH-IT : for the log, how to set a password when nobody knows the one that is in the cluster
  # The tool calls the node's published address, which the certificate does not name: hence --url
  local on_a_node command
  on_a_node="kubectl -n $(< "$sa/namespace") exec elasticsearch-0 -c elasticsearch --"
  command="$on_a_node elasticsearch-reset-password -u elastic -a -b -s --url https://localhost:9200"
  echo "Set a new one with '$command', which prints it, $1," \
    "and delete that pod, which the command has cut off from the Secret elasticsearch-users."
}

is_stored() { # in ./answer, ConfigMap elasticsearch-formed. The names of managed fields begin with "f:"
  grep -q '"superuser_stored":' answer
}

superuser() { # its Secret. Once the cluster has formed the password is in the cluster, so it can't just be made anew
  local secret=elasticsearch-user-elastic state
  fetch $secret && return
  if exists $marker; then
    state='the cluster has formed and still has the old password'
    if ! is_stored; then
      state='the cluster has formed, and whether it has stored the password is not known'
      state+=' (a node that was made anew since may not take it)'
    fi
    once elastic "Secret $secret is gone, but $state, so none is made. Restore the Secret from a backup." \
      "If there is none: $(by_hand 'store it as that Secret (keys username and password)')"
    return 1
  fi
  printf elastic > username
  random 40 > password || return
  create $secret username=username password=password
}

as_elastic() { # PASSWORD-FILE METHOD PATH CURL-OPTIONS... : $code and ./answer, as call()
  rm -f answer
  code=$(curl -s --cacert authority.crt -H @<(printf 'Authorization: Basic %s' "$({
    printf elastic:
    cat "$1"
  } | base64 -w0)") --connect-timeout 3 -m 20 \
    -X "$2" -o answer -w '%{http_code}' "${@:4}" "${ELASTICSEARCH_URL:-https://elasticsearch:9200}$3") || code=000
}

reason() { # of an error of Elasticsearch, for the log
  [[ ! -e answer || ! $(< answer) =~ \"reason\":\ ?\"(([^\"\\]|\\.)*) ]] || echo "${BASH_REMATCH[1]}"
}

set_password() { # OLD-PASSWORD-FILE PASSWORD-FILE : through the API.
  # Somebody else's may hold what has a meaning in JSON
  local word
  word=$(< "$2")
  word=${word//\\/\\\\}
  word=${word//\"/\\\"}
  printf '{"password":"%s"}' "$word" > body
  as_elastic "$1" POST /_security/user/elastic/_password -H 'Content-Type: application/json' --data-binary @body
}

change_superuser() { # to the next password of its Secret, if there is one:
  # stored first, then set, then the Secret says so
  local secret=elasticsearch-user-elastic advice
  if [ ! -e $secret.json ] || ! ours $secret || ! text $secret next-password next-password; then return 0; fi
  if ! text $secret password password || ! data elasticsearch-tls ca.crt authority.crt; then return 1; fi
  set_password password next-password
  if [ "$code" = 401 ]; then
    # perhaps it was set already, and the script killed before it could say so
    as_elastic next-password GET /_security/_authenticate
    if [ "$code" = 401 ]; then
      advice=$(by_hand 'store it as password in that Secret, remove next-password')
      once elastic \
        "the cluster takes neither the password nor the next-password of Secret $secret for user elastic." \
        "While the cluster starts, this passes. Otherwise: $advice"
    fi
  fi
  case $code in
    200) change $secret password=next-password next-password= @phase= && log "the password of elastic is a new one" ;;
    401) return 1 ;;
    *) once elastic "the password of elastic can't be changed yet (HTTP $code); trying again" ;;
  esac
}

mark_stored() { # only where the marker is there: a patch makes none
  printf '{"data":{"superuser_stored":"%s"}}' "$(moment "$(seconds)")" > request
  call PATCH "$marker?fieldManager=credentials" -H 'Content-Type: application/merge-patch+json' --data-binary @request
  if [ "$code" = 200 ]; then
    log "the password of elastic is stored in the cluster"
    return
  fi
  log "cannot note that the password of elastic is stored (HTTP $code): $(message)"
  return 1
}

store_superuser() { # in the cluster, once that has formed;
  # later, whether the cluster takes the password that the Secret has now. May be repeated
  local secret=elasticsearch-user-elastic stored='' refusal advice
  to_store=''
  [ -e $secret.json ] || return 0
  # one that is about to be changed is stored by that
  if ours $secret && data $secret next-password next-password; then return 0; fi
  if ! exists $marker; then
    to_store=yes
    return 0
  fi
  ! is_stored || stored=yes
  if ! text $secret password password; then
    once elastic "Secret $secret lacks password"
    return 1
  fi
  if [[ $(< password) == *[[:cntrl:]]* ]]; then
    once elastic "the password in Secret $secret must be one line without control characters"
    return 1
  fi
  data elasticsearch-tls ca.crt authority.crt || return 1
  if [ -n "$stored" ]; then
    [ "$proven" != "$(checksum < password)" ] || return 0
    as_elastic password GET /_security/_authenticate
  else
    set_password password password
  fi
  case $code in
    200)
      if [ -z "$stored" ] && ! mark_stored; then
        to_store=yes
        return 1
      fi
      proven=$(checksum < password)
      ;;
    401)
      refusal="the cluster does not take the password of Secret $secret for user elastic."
      advice=$(by_hand 'store it as password in that Secret')
      once elastic "$refusal While the cluster starts, this passes." \
        "Otherwise put the right one into that Secret; if nobody knows it: $advice"
      return 1
      ;;
    400)
      once elastic "the cluster refuses the password of Secret $secret for user elastic: $(reason)"
      return 1
      ;;
    *)
      # a cluster that is down and has stored it is not the fault of the credentials
      [ -z "$stored" ] || return 0
      once elastic "the password of elastic can't be stored in the cluster yet (HTTP $code); trying again"
      to_store=yes
      return 1
      ;;
  esac
}

store_soon() { # between two looks
  fetch elasticsearch-user-elastic && fetch elasticsearch-tls && store_superuser && [ -z "$to_store" ]
}
