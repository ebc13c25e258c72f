# The password of the built-in user elastic, which is kept in the cluster and not in the users file. Sourced, never run.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/users.sh
. "$(dirname "${BASH_SOURCE[0]}")/users.sh"

by_hand() { # WHAT-TO-DO-WITH-IT : for the log, how to set a password when nobody knows the one that is in the cluster
  echo "Set a new one with 'kubectl -n $(< "$sa/namespace") exec -it elasticsearch-0 -c elasticsearch -- elasticsearch-reset-password -u elastic -i', $1," \
    "and delete that pod, which the command has cut off from the Secret elasticsearch-users."
}

superuser() { # its Secret. Once the cluster has formed the password is in the cluster, so it can't just be made anew
  local secret=elasticsearch-user-elastic
  fetch $secret && return
  if exists configmaps/elasticsearch-formed; then
    once elastic "Secret $secret is gone, but the cluster has formed and still has the old password, so none is made." \
      "$(by_hand 'store it as that Secret (keys username and password)')"
    return 1
  fi
  printf elastic > username
  random 40 > password || return
  create $secret username=username password=password
}

as_elastic() { # PASSWORD-FILE METHOD PATH CURL-OPTIONS... : $code and ./answer, as call()
  rm -f answer
  code=$(curl -s --cacert authority.crt -H @<(printf 'Authorization: Basic %s' "$({ printf elastic:; cat "$1"; } | base64 -w0)") --connect-timeout 3 -m 20 \
    -X "$2" -o answer -w '%{http_code}' "${@:4}" "${ELASTICSEARCH_URL:-https://elasticsearch:9200}$3") || true
}

change_superuser() { # to the next password of its Secret, if there is one: stored first, then set, then the Secret says so
  local secret=elasticsearch-user-elastic
  if [ ! -e $secret.json ] || ! ours $secret || ! text $secret next-password next-password; then return 0; fi
  if ! text $secret password password || ! data elasticsearch-tls ca.crt authority.crt; then return 1; fi
  { printf '{"password":"'; cat next-password; printf '"}'; } > body # letters and digits
  as_elastic password POST /_security/user/elastic/_password -H 'Content-Type: application/json' --data-binary @body
  if [ "$code" = 401 ]; then
    # perhaps it was set already, and the script killed before it could say so
    as_elastic next-password GET /_security/_authenticate
    [ "$code" != 401 ] || once elastic "the cluster takes neither the password nor the next-password of Secret $secret for user elastic." \
      "$(by_hand 'store it as password in that Secret, remove next-password')"
  fi
  case $code in
    200) change $secret password=next-password next-password= @phase= && log "the password of elastic is a new one" ;;
    401) return 1 ;;
    *) once elastic "the password of elastic can't be changed yet (HTTP $code); trying again" ;;
  esac
}
