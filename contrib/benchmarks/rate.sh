#!/usr/bin/env bash
# Two hundred calls of one action (limit: 20 a second) against the emulator: the wall time of the run, and the most calls
# that the emulator saw in any sliding second. Promised: never more than 20, and at most 10.3 s.
set -euo pipefail

belay=${1:-.build-release/release/belay}
case $belay in /*) ;; *) belay=$PWD/$belay ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly runbook=contrib/benchmarks/rate.belay

[ -x "$belay" ] || {
  echo "rate: there is no $belay; 'make build' makes it" >&2
  exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/belay-rate.XXXXXX")
emulator=
clean_up() {
  [ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

export TENCENTCLOUD_SECRET_ID=AKIDrate TENCENTCLOUD_SECRET_KEY=rate-benchmark
unset TENCENTCLOUD_TOKEN
readonly control=rate-benchmark
readonly port=${PORT:-28471}
"$belay" emulator --listen "127.0.0.1:$port" --credentials "$TENCENTCLOUD_SECRET_ID:$TENCENTCLOUD_SECRET_KEY" \
  --control "$control" --seed 7 </dev/null >"$work/emulator.log" 2>&1 &
emulator=$!
for _ in {1..100}; do
  ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  sleep 0.1
done
kill -0 "$emulator" 2>/dev/null || {
  cat "$work/emulator.log" >&2
  exit 1
}

begun=$(date +%s%N)
"$belay" run "$runbook" --endpoint "http://127.0.0.1:$port" --state "$work/state" --format ndjson >"$work/run.ndjson"
ended=$(date +%s%N)

python3 - "$port" "$control" "$begun" "$ended" <<'PYTHON'
import json, sys, urllib.request

port, control, begun, ended = sys.argv[1:]
request = urllib.request.Request(
    f"http://127.0.0.1:{port}/_belay/calls", headers={"Authorization": f"Bearer {control}"})
calls = json.load(urllib.request.urlopen(request))["Calls"]
rows = [call for call in calls if call["Action"] == "ecm.DescribeVpcs"]
times = sorted(call["Time"] for call in rows)  # milliseconds
most = 0
first = 0
for last, time in enumerate(times):
    while times[first] <= time - 1000:
        first += 1
    most = max(most, last - first + 1)
refused = sum(call["Outcome"] != "answered" for call in rows)
wall = (int(ended) - int(begun)) / 1e9
between = (times[-1] - times[0]) / 1000
print(f"{len(times)} calls in {wall:.2f} s of wall time, {between:.2f} s between the first and the last")
print(f"the most in any sliding second: {most}; refused or lost: {refused}")
print("as promised" if most <= 20 and wall <= 10.3 and refused == 0 and len(times) == 200 else "NOT as promised")
PYTHON
