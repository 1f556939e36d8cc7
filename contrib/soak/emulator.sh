#!/usr/bin/env bash
# Random sessions of 10,000 calls each against the emulator's core, ECM and CVM, for many seeds.
# Usage: emulator.sh [FROM:COUNT]; the tests must be built. A failing session names its seed: give SEED:1 to repeat it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export BELAY_SEEDS=${1:-2:20}
echo "random sessions of the emulator, seeds (from:count) $BELAY_SEEDS"
"${SWIFT:-swift}" test --skip-build --disable-xctest --filter 'CloudEmulatorTests.(Cvm)?RandomTests'
