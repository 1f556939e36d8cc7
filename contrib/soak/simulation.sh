#!/usr/bin/env bash
# Simulated runs of drawn runbooks with drawn faults, crashes and cancels; then creates whose answers are lost, a million
# of them.
# Usage: simulation.sh [FROM:COUNT]; the tests must be built. A failing run names its seed: give SEED:1 to repeat it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export BELAY_SEEDS=${1:-0:5000} BELAY_AMBIGUOUS=${BELAY_AMBIGUOUS:-1000000}
echo "simulated runs, seeds (from:count) $BELAY_SEEDS; $BELAY_AMBIGUOUS lost answers"
"${SWIFT:-swift}" test --skip-build --disable-xctest --filter 'SimulationTests.(GeneratedRunTests|AmbiguityTests)'
