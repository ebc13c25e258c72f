# Leaves nothing behind: what a leaving node wrote is taken back by those that stay. Sourced by ready.sh.
# shellcheck shell=bash
# shellcheck source=base/elasticsearch/lifecycle/lib.sh
. "$(dirname "$0")/lib.sh"

end_restart() { # this node is back: the next one may go
  lease GET '' && [ "$(field holderIdentity)" = "$POD_NAME" ] || return 0
  # an apply without the field gives it up; only its owner can
  lease PATCH "?fieldManager=$POD_NAME" '{}' || log "cannot give the lease elasticsearch-restart back (HTTP $code)"
}

is_leaving() { grep -qxF -- "$1" <<< "$members" && ! stays "$1"; } # still here, and not wanted

tidy() { # FILE with the time of the last look : every 30 s, on the elected master.
  # An exclusion of a node that is gone or wanted again is litter
  local now last name keep=''
  now=$(date +%s) last=$(cat "$1" 2> /dev/null || echo 0)
  [ $((now - last)) -ge 30 ] || return 0
  echo "$now" > "$1"
  master && [ "$master" = "$POD_NAME" ] || return 0
  excluded_names && excluded_votes || return 0
  [ -n "$excluded$votes" ] && members && wanted_replicas || return 0
  for name in $excluded; do ! is_leaving "$name" || keep+=${keep:+,}$name; done
  [ "$(paste -sd , <<< "$excluded")" = "$keep" ] || {
    exclude_names "$keep" && log "nodes excluded from allocation: ${keep:-none}"
  }
  # clearing takes back everybody's, so it waits until nobody is leaving
  for name in $votes; do ! is_leaving "$name" || return 0; done
  [ -z "$votes" ] || {
    es DELETE '/_cluster/voting_config_exclusions?wait_for_removal=false' &&
      log "votes given back to: ${votes//$'\n'/ }"
  }
}
