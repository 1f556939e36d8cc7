#!/usr/bin/env bash
# Creates whose answers are lost, before or after they took effect: all that have a probe, until a million answers were
# lost. Prints how many there were of each, and how many things are there twice or left.
# Usage: ambiguity.sh [COUNT [SEED]]; COUNT also from BELAY_AMBIGUOUS. Two processes share the work.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly count=${1:-${BELAY_AMBIGUOUS:-1000000}} seed=${2:-${BELAY_AMBIGUOUS_SEED:-2}}
"${SWIFT:-swift}" build --quiet -c release --static-swift-stdlib --scratch-path .build-release --product Ambiguity
echo "ambiguous outcomes: $count, from seed $seed"
pids=()
for half in 0 1; do
  .build-release/release/Ambiguity "$(((count + 1) / 2))" "$((seed + half * 1000000000))" &
  pids+=($!)
done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=1; done
exit "$status"
