#!/usr/bin/env bash
# Runs against an emulator process, killed at fifty random moments and more; see kill9.py.
# Usage: kill9.sh [--seed SEED]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python3 contrib/soak/kill9.py "${BELAY:-.build/debug/belay}" --rounds 50 "$@"
