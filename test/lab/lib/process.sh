# Background processes. A pid file holds "PID START", START being the kernel's start time of that process: a pid that
# has been given to another process meanwhile is never taken for ours, and so never killed.

# start_time PID: empty and false for a process that is gone or a zombie
start_time() {
  local stat
  stat=$(cat "/proc/$1/stat" 2> /dev/null) || return 1
  stat=${stat##*) } # the command name before it may hold blanks
  local fields
  read -ra fields <<< "$stat"
  [ "${fields[0]}" != Z ] || return 1
  echo "${fields[19]}"
}

# pid_of PIDFILE: the pid, as long as that process runs
pid_of() {
  local pid started
  read -r pid started 2> /dev/null < "$1" || return 1
  [ "$(start_time "$pid")" = "$started" ] || return 1
  echo "$pid"
}

running() { pid_of "$1" > /dev/null; }

# spawn PIDFILE LOGFILE COMMAND...: in a session of its own, so that it outlives this script and its terminal.
# The process writes its own pid file before it becomes COMMAND: a start that is killed half-way leaves none unrecorded.
spawn() {
  local pidfile=$1 log=$2
  shift 2
  rm -f "$pidfile"
  setsid "$LAB_SRC/lib/spawned" "$pidfile" "$@" > "$log" 2>&1 < /dev/null &
  wait_for 10 "the start of $1" test -e "$pidfile"
}

# stop PIDFILE: politely, then after three seconds not. Negative: the whole session, for a process that has children.
stop() {
  local pid
  if pid=$(pid_of "$1"); then
    kill -- "-$pid" 2> /dev/null || true
    for _ in {1..30}; do
      running "$1" || break
      sleep 0.1
    done
    if running "$1"; then
      kill -9 -- "-$pid" 2> /dev/null || true
      wait_for 10 "the end of process $pid" not running "$1"
    fi
  fi
  rm -f "$1"
}

not() { ! "$@"; }

# ensure NAME COMMAND...: runs it unless it runs already; other arguments than the last time restart it
ensure() {
  local name=$1 wanted
  shift
  wanted=$(printf '%q ' "$@")
  if running "$RUN/$name.pid" && [ "$(cat "$RUN/$name.command")" = "$wanted" ]; then return; fi
  stop "$RUN/$name.pid"
  echo "$wanted" > "$RUN/$name.command"
  spawn "$RUN/$name.pid" "$LOG/$name.log" "$@"
}
