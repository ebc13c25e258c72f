#!/bin/bash
# Before this node stops: one that leaves for good first moves its data and gives up its vote; one that only restarts
# waits until the cluster can spare it. Each wait is bounded, and its reason stands in the container's log.
set -uo pipefail
# shellcheck source=base/elasticsearch/lifecycle/leave.sh
. "$(dirname "$0")/leave.sh"
# Clients and proxies need a moment to notice that this address is gone.
# First, so that what is decided below is not old when this node stops.
sleep "$PRE_STOP_DRAIN_SECONDS"
began=$SECONDS heard=$SECONDS since=$SECONDS way=''
wanted='' # the last answer: an API server that falls silent, or forgets this token, makes no restart of a farewell

on() { [ "$way" = "$1" ] || way=$1 since=$SECONDS; } # farewell or restart: each has its own time

while :; do
  if wanted_replicas; then wanted=$replicas; else replicas=$wanted; fi
  if [ "$replicas" = 0 ]; then
    log "leaving at once: the whole StatefulSet goes"
    break
  fi
  if [ -n "$replicas" ] && ! stays "$POD_NAME"; then
    on farewell
    limit=$PRE_STOP_MOVE_SECONDS
    if moved; then
      log "leaving for good after $((SECONDS - began)) s: the data has moved, the vote is given up"
      break
    fi
  else
    on restart
    limit=$PRE_STOP_SPARE_SECONDS
    # one or two nodes cannot do without one of them, however long they wait
    if [ "${replicas:-3}" -le 2 ]; then
      log "leaving: a cluster of $replicas cannot spare a node anyway"
      break
    fi
    if spared; then
      hand_over
      log "leaving for a restart after $((SECONDS - began)) s"
      break
    fi
  fi
  # 401, 403, no answer at all: nothing would be learned by waiting for long. 429 is a server that is busy for now.
  # 503 is a node without a master: a restart may be the cure for that, but what leaves for good may hold data and a
  # vote that are needed
  case $code in
    2* | 400 | 409 | 429) heard=$SECONDS ;;
    503) [ "$way" = restart ] || heard=$SECONDS ;;
  esac
  last_words=''
  if [ $((SECONDS - heard)) -ge "$PRE_STOP_BLIND_SECONDS" ]; then
    last_words="no usable answer for $PRE_STOP_BLIND_SECONDS s (HTTP $code)"
  fi
  if [ $((SECONDS - since)) -ge "$limit" ]; then
    last_words="$limit s have passed, although: ${told:-no reason known}"
  fi
  if [ -n "$last_words" ]; then
    log "leaving: $last_words"
    # data comes back with its disk, but nobody else can give up this vote,
    # without which the others may never elect a master again
    [ "$way" = restart ] || give_up_vote
    break
  fi
  sleep "${POLL_SECONDS:-2}"
done
