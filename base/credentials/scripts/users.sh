# Passwords, and the users file of Elasticsearch's file realm. Sourced, never run.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

random_password() { # 32 random bytes as letters and digits, without a newline
  printf %s "$(head -c 48 /dev/urandom | base64 -w0 | tr -dc A-Za-z0-9 | head -c 40)"
}

password() { # NAME : Secret elasticsearch-user-NAME, made if there is none; then files NAME.username and NAME.password
  local secret=elasticsearch-user-$1
  if ! exists "secrets/$secret"; then
    if [ "$1" = elastic ] && exists configmaps/elasticsearch-formed; then
      log "Secret $secret is gone, but the cluster has formed and still has the old password. Set a new one with" \
        "'kubectl exec -it elasticsearch-0 -- elasticsearch-reset-password -u elastic -i' and store it as that Secret (keys username and password)."
      return 1
    fi
    printf %s "$1" > username
    random_password > password || return
    create "$secret" '' username=username password=password || return
    exists "secrets/$secret" # the one that won, if two made one
  fi
  if ! value username "$1.username" || ! value password "$1.password"; then log "Secret $secret lacks username or password"; return 1; fi
}

salted() { # PASSWORD-FILE SALT(8 bytes in base64) : the salted SHA-256 that Elasticsearch's realms read. Passwords here have more than 200 random
  # bits: nobody can guess them, so a slow hash would only cost time at each request.
  local hex
  hex=$({ cat "$1"; base64 -d <<< "$2"; } | sha256sum)
  hex=$(fold -w2 <<< "${hex%% *}" | sed 's/^/\\x/' | tr -d '\n')
  # shellcheck disable=SC2059 # the bytes are the format: they pass through a pipe, since a variable cannot hold a zero byte
  printf '{SSHA256}%s%s' "$2" "$(printf "$hex" | base64 -w0)"
}

users_file() { # NAME=ROLE... : Secret elasticsearch-users, renewed when a password has changed
  local pair name hash salt old='' at='' kept
  if exists secrets/elasticsearch-users; then at=$(version); value users users.old && old=$(< users.old); value users_roles users_roles.old; fi
  : > users
  : > users_roles
  for pair in "$@"; do
    name=$(< "${pair%%=*}.username")
    # the salt that is in use, so that an unchanged password gives an unchanged line
    kept=$(grep "^$name:{SSHA256}" <<< "$old") && salt=${kept#*\}} && salt=${salt:0:12}
    [ -n "$kept" ] || salt=$(head -c 8 /dev/urandom | base64 -w0)
    hash=$(salted "${pair%%=*}.password" "$salt") || return
    echo "$name:$hash" >> users
    echo "${pair#*=}:$name" >> users_roles
  done
  if [ -z "$at" ]; then create elasticsearch-users '' users=users users_roles=users_roles
  elif ! cmp -s users users.old || ! cmp -s users_roles users_roles.old; then
    replace elasticsearch-users '' "$at" users=users users_roles=users_roles
  fi
}
