# Rotation of passwords: one command asks for it, and this carries it out, a step at a look. Sourced, never run.
# shellcheck shell=bash
# shellcheck source=base/credentials/scripts/users.sh
. "$(dirname "${BASH_SOURCE[0]}")/users.sh"
# Where a rotation stands is written in annotations of Secret elasticsearch-users, each step with the version that was
# read, so that it may be killed at any point and run twice at once:
#   rotate=requested      (by the user) -> adding
#   phase=adding          every user Secret gets next-username and next-password, and the users file lets them in
#                         -> spreading
#   phase=spreading       SPREAD_SECONDS: kubelets bring the file to the nodes, which read it again -> switching
#   phase=switching       in every user Secret the next login becomes the login, and the login the previous one -> none
#   previous-ends=TIME    of a user Secret: the previous login is forgotten then
# Names alternate (ingest, ingest-b), since the users file holds one password for a name.

other_name() { case $1 in *-b) printf %s "${1%-b}" ;; *) printf %s "$1-b" ;; esac }

add_next() { # NAME : a next login, unless there is one
  local secret=elasticsearch-user-$1
  if ! ours "$secret"; then
    left_alone+="${left_alone:+ }$1"
    return 0
  fi
  if data "$secret" next-password next; then return 0; fi
  # its name is the one that the next login would have
  if data "$secret" previous-password previous; then
    once "$1" "Secret $secret still has a previous login: no new one is made"
    return 0
  fi
  random 40 > next-password || return
  if [ "$1" = elastic ]; then
    change "$secret" next-password=next-password @phase=changing
    return
  fi
  text "$secret" username name || return
  other_name "$(< name)" > next-username
  change "$secret" next-username=next-username next-password=next-password
}

use_next() { # NAME END : the next login becomes the login
  local secret=elasticsearch-user-$1
  if ! ours "$secret" ||
    ! data "$secret" next-password next-password ||
    ! data "$secret" next-username next-username; then return 0; fi
  if ! data "$secret" username username || ! data "$secret" password password; then return 1; fi
  change "$secret" username=next-username password=next-password previous-username=username previous-password=password \
    next-username= next-password= "@previous-ends=$2"
}

forget_previous() { # NAME [now] : a previous login whose time is over
  local secret=elasticsearch-user-$1 end
  if ! ours "$secret" || ! data "$secret" previous-password previous; then return 0; fi
  end=$(since_1970 "$(note "$secret" previous-ends)") || end=0
  if [ "${2:-}" != now ] && [ "$end" -gt "$(seconds)" ]; then
    [ "$end" -le "$latest_end" ] || latest_end=$end
    return 0
  fi
  change "$secret" previous-username= previous-password= @previous-ends= && log "the previous login of $1 is forgotten"
}

begin_rotation() { # if it is asked for
  local name wish
  wish=$(note elasticsearch-users rotate) || return 0
  case $wish in
    requested) ;;
    revoke)
      for name in "${users[@]}"; do forget_previous "$name" now || return; done
      latest_end=0
      ;;
    *)
      once rotate \
        "the annotation $prefix/rotate of Secret elasticsearch-users must be requested or revoke, but is '$wish'"
      return 1
      ;;
  esac
  if [ "$latest_end" -gt 0 ]; then
    once rotate "a rotation is asked for; it begins when the previous logins end, at $(moment "$latest_end")"
    return 0
  fi
  # without the previous logins, whose names are needed again
  users_file "@rotate=" "@phase=adding" "@wish=$wish" "@since=$(moment "$(seconds)")" "@previous-ends=" &&
    log "rotation: $wish" &&
    phase=adding
}

rotation() { # the step that is due, and those that can follow at once
  local phase name since keep end others left_alone='' latest_end=0 failed=0
  for name in "${users[@]}"; do forget_previous "$name" || failed=1; done
  # whose users file it is can't be told from outside: without it nothing can be rotated
  if [ $failed != 0 ] || [ ! -e elasticsearch-users.json ] || ! ours elasticsearch-users; then return $failed; fi
  phase=$(note elasticsearch-users phase) || phase=''
  [ -n "$phase" ] || begin_rotation || return
  if [ "$phase" = adding ]; then
    for name in "${users[@]}" elastic; do add_next "$name" || failed=1; done
    [ $failed = 0 ] || return
    users_file "@phase=spreading" "@since=$(moment "$(seconds)")" "@left-alone=$left_alone" || return
    others=${left_alone:+; made by somebody else and left alone: $left_alone}
    log "rotation: new logins are stored and on their way to the nodes$others"
    phase=spreading
  fi
  if [ "$phase" = spreading ]; then
    since=$(since_1970 "$(note elasticsearch-users since)") || since=0
    [ $(($(seconds) - since)) -ge "$SPREAD_SECONDS" ] || return 0
    change elasticsearch-users "@phase=switching" || return
    phase=switching
  fi
  if [ "$phase" = switching ]; then
    # programs need the time of the spreading too, to see that their login is another one
    if [ "$(note elasticsearch-users wish)" = revoke ]; then keep=$SPREAD_SECONDS; else keep=$KEEP_PREVIOUS_SECONDS; fi
    end=$(moment $(($(seconds) + keep)))
    for name in "${users[@]}"; do use_next "$name" "$end" || failed=1; done
    [ $failed = 0 ] || return
    users_file "@phase=" "@wish=" "@since=" "@rotated=$(moment "$(seconds)")" "@previous-ends=$end" || return
    log "rotation: programs get the new logins now; the previous ones are accepted until $end"
  fi
  return $failed
}
