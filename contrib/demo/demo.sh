#!/usr/bin/env bash
# The demo behind `make demo`: both shipped runbooks over signed HTTP against the emulator, each once to the end and once
# with a fault near its end. Exits with an error when anything is not as promised.
# BELAY_DEMO_QUIET=1 keeps what belay prints to itself unless something goes wrong.
set -euo pipefail

belay=${1:-.build-release/release/belay}
case $belay in /*) ;; *) belay=$PWD/$belay ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly fleet=runbooks/ecm/fleet/web_fleet.belay
readonly bake=runbooks/ecm/image/bake_image.belay

work=$(mktemp -d "${TMPDIR:-/tmp}/belay-demo.XXXXXX")
emulator=

clean_up() {
  if [ -n "$emulator" ]; then
    kill "$emulator" 2>/dev/null || true
    wait "$emulator" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

heading() { printf '\n== %s\n\n' "$*"; }
note() { printf '%s\n' "$*"; }
broken() {
  printf '\nThe demo stops: %s\n' "$*" >&2
  exit 1
}

random_word() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# A port of the loopback interface on which nobody listens, below those that the system gives to outgoing connections.
free_port() {
  local port
  for _ in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    if ! is_listening "$port"; then
      echo "$port"
      return
    fi
  done
  return 1
}

# Runs belay and holds it to its exit code.
expect() {
  local wanted=$1 code=0
  shift
  if [ "${BELAY_DEMO_QUIET:-}" = 1 ]; then
    "$belay" "$@" >"$work/output" 2>&1 || code=$?
    [ "$code" -eq "$wanted" ] || cat "$work/output" >&2
  else
    "$belay" "$@" || code=$?
  fi
  [ "$code" -ne 130 ] || exit 130
  [ "$code" -eq "$wanted" ] || broken "'belay $1' ended with exit code $code, not $wanted"
}

run() {
  local wanted=$1 runbook=$2
  shift 2
  expect "$wanted" run "$runbook" --endpoint "$endpoint" --state "$state" \
    --input password=@env:BELAY_DEMO_PASSWORD "$@"
}

inventory() {
  "$belay" emulator inventory --endpoint "$endpoint" --control "$control" --format json >"$1" ||
    broken "the inventory cannot be read"
}

inject() {
  note "The fault: $1"
  note
  "$belay" emulator inject "$1" --endpoint "$endpoint" --control "$control" >"$work/output" 2>&1 || {
    cat "$work/output" >&2
    broken "the fault was not taken"
  }
}

# Compares two inventories; they have to be equal.
as_before() {
  diff -u "$1" "$2" >&2 || broken "the inventory is not as it was"
  note
  note "The inventory is as it was: $(grep -c '"Id"' "$2") resources."
}

start_emulator() {
  local port
  port=$(free_port) || broken "there is no free port"
  endpoint=http://127.0.0.1:$port
  # In a process group of its own: Ctrl-C asks belay to undo, and the emulator has to be there for it.
  set -m
  "$belay" emulator --listen "127.0.0.1:$port" --credentials "$TENCENTCLOUD_SECRET_ID:$TENCENTCLOUD_SECRET_KEY" \
    --control "$control" --seed 7 --speed 20 </dev/null >"$work/emulator.log" 2>&1 &
  emulator=$!
  set +m
  for _ in {1..100}; do
    ! is_listening "$port" || return 0
    kill -0 "$emulator" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/emulator.log" >&2
  broken "the emulator does not answer at $endpoint"
}

[ -x "$belay" ] || broken "there is no $belay; 'make build' makes it"

state=$work/state
control=$(random_word 16)
export TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY BELAY_DEMO_PASSWORD
TENCENTCLOUD_SECRET_ID=AKIDdemo$(random_word 8)
TENCENTCLOUD_SECRET_KEY=$(random_word 16)
BELAY_DEMO_PASSWORD=Demo-$(random_word 6)
unset TENCENTCLOUD_TOKEN BELAY_STATE

start_emulator
note "The emulator listens at $endpoint, twenty times as fast as the cloud."

heading "1. A web fleet over two zones and two ISPs"
run 0 "$fleet"

heading "2. The same run, told from its journal"
expect 0 show last --state "$state"
"$belay" show last --state "$state" --format json >"$work/fleet.json" || broken "the run cannot be shown as JSON"
instance=$(tr -d ' \n' <"$work/fleet.json" | sed -n 's/.*"instances":\["\([^"]*\)".*/\1/p')
[ -n "$instance" ] || broken "the run has no output 'instances'"

heading "3. A second fleet, broken near its end"
inventory "$work/before"
inject ecm.BatchRegisterTargets:1:refused=FailedOperation
run 1 "$fleet" --input name=web2

heading "4. What was undone, newest first"
expect 0 show last --state "$state"
inventory "$work/after"
as_before "$work/before" "$work/after"

heading "5. An image from an instance of the fleet"
run 0 "$bake" --input "instance=$instance" --input name=web-image

heading "6. The same again; its new instance fails to launch"
inventory "$work/before"
inject ecm.RunInstances:1:async-failure
run 1 "$bake" --input "instance=$instance" --input name=web-image2
inventory "$work/after"
as_before "$work/before" "$work/after"

heading "Done: two runbooks ran to their end, and two failures left nothing behind"
