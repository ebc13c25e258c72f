# shellcheck shell=bash
# Shared by the scripts of this folder: one way to call Elasticsearch (and Kibana), one way to log.
# Needs bash, curl and coreutils.
umask 077
: "${CONNECT_SECONDS:=3}" "${REQUEST_SECONDS:=60}"
answer=$(mktemp)
# The body of the next request.
body=$(mktemp)

# In a container the script is process 1, which hears only the signals that it asks for;
# and nothing that it started stays behind.
at_end() {
  local job
  rm -f "$answer" "$answer.error" "$body"
  for job in $(jobs -p); do kill "$job"; done
}
trap at_end EXIT
trap 'exit 143' INT TERM

log() { echo "$(date -u +%FT%TZ) $*" >&2; }

# Prints the only line of a credential file without its line end.
secret() {
  local value
  value=$(< "$1")
  printf %s "${value%$'\n'}"
}

# Prints a value for use inside a JSON string.
json_escape() {
  local value=${1//\\/\\\\}
  printf %s "${value//\"/\\\"}"
}

# Prints the Basic header for the credentials in a directory;
# read by curl from a file descriptor, so that no process list shows it.
authorization() {
  printf 'Authorization: Basic %s' "$(printf '%s:%s' "$(secret "$1/username")" "$(secret "$1/password")" | base64 -w0)"
}

# request CREDENTIALS METHOD URL [BODY-FILE | -] [CURL-OPTION...] :
# prints the HTTP status (000: no whole answer); the body is in "$answer".
request() {
  local credentials=$1 method=$2 url=$3 body=${4:--} options=() status
  shift $(($# < 4 ? $# : 4))
  : > "$answer"
  if [ "$body" != - ]; then options+=(-H 'Content-Type: application/json' --data-binary "@$body"); fi
  status=$(curl --silent --show-error --cacert "$CA_FILE" -H @<(authorization "$credentials") \
    --connect-timeout "$CONNECT_SECONDS" --max-time "$REQUEST_SECONDS" -X "$method" -o "$answer" -w '%{http_code}' \
    "${options[@]}" "$@" "$url" 2> "$answer.error") || status=000
  printf %s "$status"
}

# Prints what the last answer says went wrong, in one line.
reason() {
  local text
  text=$(head -c 4000 "$answer" | tr '\n' ' ')
  if [[ $text =~ \"reason\":\ *\"(([^\"\\]|\\.)*)\" ]]; then
    printf '%s' "${BASH_REMATCH[1]}"
  elif [ -n "$text" ]; then
    printf '%s' "${text:0:300}"
  else
    head -c 300 "$answer.error" | tr '\n' ' '
  fi
}
