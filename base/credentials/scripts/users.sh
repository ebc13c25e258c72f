# Users and their passwords. Sourced, never run.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# Each user has a Secret elasticsearch-user-NAME with username and password. The users file of Elasticsearch's file
# realm follows from all of them: it lets in the current login, the next one (stored before anybody uses it) and the
# previous one (as long as somebody may still use it).

users=()
declare -A roles=() login_of=()
while read -r name role login _ || [ -n "$name" ]; do
  case $name in '' | \#*) ;; *)
    users+=("$name")
    roles[$name]=$role
    login_of[$name]=${login:-$name}
    ;;
  esac
done < "${USERS_TABLE:-$(dirname "${BASH_SOURCE[0]}")/users.txt}"

random() { # LENGTH : letters and digits, without a line end. 40 hold more than 200 random bits
  local word=''
  while [ ${#word} -lt "$1" ]; do word+=$(head -c 64 /dev/urandom | base64 -w0 | tr -dc A-Za-z0-9); done
  printf %s "${word:0:$1}"
}

user() { # NAME : its Secret, made if there is none
  local may_be_forbidden=yes
  fetch "elasticsearch-user-$1"
  case $? in 0) return ;; 2) return 1 ;; esac
  printf %s "${login_of[$1]}" > username
  random 40 > password || return
  create "elasticsearch-user-$1" username=username password=password
}

kibana_keys() { # with which Kibana encrypts sessions and parts of saved objects; never renewed:
  # what is encrypted could not be read any more
  local key lost="rules and connectors that were stored with them can't be read"
  fetch kibana-encryption-keys && return
  ! exists configmaps/elasticsearch-formed ||
    log "making new encryption keys for Kibana. If it had others before, restore them: $lost"
  for key in session saved-objects reporting; do random 40 > "$key" || return; done
  create kibana-encryption-keys session=session saved-objects=saved-objects reporting=reporting
}

salted() { # PASSWORD-FILE SALT(8 bytes in base64) : the salted SHA-256 that Elasticsearch's realms read. Passwords made
  # here have more than 200 random bits: nobody can guess them, so a slow hash would only cost time at each request.
  local hex
  hex=$({
    cat "$1"
    base64 -d <<< "$2"
  } | sha256sum)
  hex=$(fold -w2 <<< "${hex%% *}" | sed 's/^/\\x/' | tr -d '\n')
  # the bytes are the format: they pass through a pipe, since a variable cannot hold a zero byte
  # shellcheck disable=SC2059
  printf '{SSHA256}%s%s' "$2" "$(printf "$hex" | base64 -w0)"
}

logins() { # NAME : adds every login of that user to ./lines ("USERNAME:HASH")
  # and ./holders ("ROLE USERNAME"). Needs $hashes and $taken of users_file
  local secret=elasticsearch-user-$1 part name salt hash rule
  for part in '' next- previous-; do
    if ! text "$secret" "${part}username" name || ! text "$secret" "${part}password" word; then
      [ -n "$part" ] || {
        once "$1" "Secret $secret lacks username or password"
        return 1
      }
      continue
    fi
    name=$(< name)
    # a built-in name never reaches the users file: Elasticsearch's own realm refuses it before
    if ! [[ $name =~ ^[A-Za-z0-9][A-Za-z0-9._@-]*$ ]] ||
      [[ $name =~ ^(elastic|kibana|(kibana|logstash|beats|apm)_system|remote_monitoring_user)$ ]]; then
      rule='must be of letters, digits and ._@- and must not be a built-in user of Elasticsearch'
      once "$1" "Secret $secret: ${part}username $rule"
      return 1
    fi
    [ -z "${taken[$name]:-}" ] || {
      once "$1" "Secret $secret: the name $name belongs to ${taken[$name]}"
      return 1
    }
    taken[$name]=$secret
    salt=${hashes[$name]:-}
    # the one that is in use, so that an unchanged password gives an unchanged line
    salt=${salt#\{SSHA256\}} salt=${salt:0:12}
    [ -n "$salt" ] || salt=$(head -c 8 /dev/urandom | base64 -w0)
    hash=$(salted word "$salt") || return
    echo "$name:$hash" >> lines
    echo "${roles[$1]} $name" >> holders
  done
}

keep_logins() { # NAME : a Secret that can't be used must not lock anybody out:
  # what the users file says of that role stays
  local role names name
  for name in "${!taken[@]}"; do [ "${taken[$name]}" != "elasticsearch-user-$1" ] || unset "taken[$name]"; done
  while IFS=: read -r role names; do
    [ "$role" = "${roles[$1]}" ] || continue
    for name in ${names//,/ }; do
      if [ -n "${taken[$name]:-}" ] || [ -z "${hashes[$name]:-}" ]; then continue; fi
      taken[$name]=$1
      echo "$name:${hashes[$name]}" >> lines
      echo "$role $name" >> holders
    done
  done < users_roles.old
}

users_file() { # ITEM... : Secret elasticsearch-users, made or changed where a login has, with further items for it
  local name hash role last='' failed=0
  declare -A hashes=() taken=()
  : > users.old
  : > users_roles.old
  : > lines
  : > holders
  if [ -e elasticsearch-users.json ]; then
    data elasticsearch-users users users.old
    data elasticsearch-users users_roles users_roles.old
  fi
  while IFS=: read -r name hash; do hashes[$name]=$hash; done < users.old
  for name in "${users[@]}"; do
    cp lines lines.good
    cp holders holders.good
    logins "$name" && continue
    failed=1
    mv lines.good lines
    mv holders.good holders
    keep_logins "$name"
  done
  sort lines > users
  : > users_roles
  while read -r role name; do
    if [ "$role" = "$last" ]; then printf ,%s "$name"; else printf '%s%s:%s' "${last:+$'\n'}" "$role" "$name"; fi
    last=$role
  done < <(sort holders) > users_roles
  echo >> users_roles
  if [ ! -e elasticsearch-users.json ]; then
    create elasticsearch-users users=users users_roles=users_roles || failed=1
  elif ! ours elasticsearch-users; then
    once users "Secret elasticsearch-users was made by somebody else: it is left alone"
  elif [ $# -gt 0 ] ||
    [ "$(< users)" != "$(cat users.old)" ] ||
    [ "$(< users_roles)" != "$(cat users_roles.old)" ]; then
    change elasticsearch-users users=users users_roles=users_roles "$@" || failed=1
  fi
  return $failed
}
