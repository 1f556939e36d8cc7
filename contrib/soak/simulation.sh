#!/usr/bin/env bash
# Simulated runs of drawn runbooks with drawn faults, crashes and cancels; then a fan-out of two thousand strands, whose
# time is held against the least that the limits allow.
# Usage: simulation.sh [FROM:COUNT]; the tests must be built. A failing run names its seed: give SEED:1 to repeat it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export BELAY_SEEDS=${1:-${BELAY_SEEDS:-0:5000}} BELAY_STRANDS=2000
echo "simulated runs, seeds (from:count) $BELAY_SEEDS"
"${SWIFT:-swift}" test --skip-build --disable-xctest --filter 'SimulationTests.GeneratedRunTests|ScheduleTests'
