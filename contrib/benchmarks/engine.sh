#!/usr/bin/env bash
# The engine beside DBOS; see engine.py. DBOS is installed into .build-benchmarks when it is missing.
# Usage: engine.sh [BENCHMARK]
set -euo pipefail

benchmark=${1:-.build-release/release/EngineBenchmark}
readonly here=contrib/benchmarks folder=.build-benchmarks
case $benchmark in /*) ;; *) benchmark=$PWD/$benchmark ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

[ -x "$benchmark" ] || {
  echo "engine: there is no $benchmark; 'make bench-engine' makes it" >&2
  exit 1
}
wanted=$(cat "$here/dbos.txt")
if [ "$(cat "$folder/installed.txt" 2>/dev/null)" != "$wanted" ]; then
  echo "Installing DBOS into $folder."
  rm -rf "$folder"
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/python" -m pip --disable-pip-version-check install --quiet --requirement "$here/dbos.txt"
  printf '%s\n' "$wanted" >"$folder/installed.txt"
fi
"$folder/venv/bin/python" -W ignore "$here/engine.py" "$benchmark" "$folder"
