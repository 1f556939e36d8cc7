#!/usr/bin/env bash
# How long planning takes, and how much memory: the shipped runbook, and one of so many steps.
# usage: plan.sh BELAY [STEPS]
set -euo pipefail
belay=$1
steps=${2:-100000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
here=$(cd "$(dirname "$0")/../.." && pwd)

measure() { /usr/bin/time --format '%e s, %M KB' "$@" 2>&1 >/dev/null | tail -1; }

printf 'web_fleet.belay   '
measure "$belay" plan "$here/runbooks/ecm/fleet/web_fleet.belay" --input password=Belay-2026-demo
printf '%s steps   ' "$steps"
measure "$belay" plan "$here/contrib/benchmarks/many.belay" --input count="$steps"
