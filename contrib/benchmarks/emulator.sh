#!/usr/bin/env bash
# The emulator beside moto_server and beside an empty handler of its HTTP library: rates, times at half load, memory with
# 100,000 instances, a table over sizes, and the time to the first answer. Prints numbers, judges nothing.
#
# emulator.sh [BELAY [EMPTY_HANDLER [PART…]]], a part being start, compare or sizes.
# Needs moto_server (pip install 'moto[server]==5.*') and a C compiler.
set -euo pipefail

belay=${1:-.build-release/release/belay}
empty=${2:-.build-release/release/EmptyHandler}
shift $(($# < 2 ? $# : 2))
here=$(dirname "${BASH_SOURCE[0]}")

for program in "$belay" "$empty"; do
  [ -x "$program" ] || {
    echo "emulator: there is no $program; 'make bench-emulator' makes it" >&2
    exit 1
  }
done
command -v moto_server >/dev/null || {
  echo "emulator: moto_server is missing: pip install 'moto[server]==5.*'" >&2
  exit 1
}
command -v cc >/dev/null || {
  echo "emulator: a C compiler is missing: apt-get install gcc" >&2
  exit 1
}
work=$(mktemp -d "${TMPDIR:-/tmp}/belay-emulator.XXXXXX")
trap 'rm -rf "$work"' EXIT
cc -O2 -Wall -Wextra -o "$work/load" "$here/load.c"
python3 -B "$here/emulator.py" "$belay" "$work/load" "$empty" "$@"
