#!/usr/bin/env bash
# The language under libFuzzer, then many drawn programs: lexer, parser, checker, formatter, compiler and machine. The
# corpus is every runbook and chunk of this repository. Usage: language.sh [MINUTES]; ten unless told.
# A text that fails is left in .build-fuzz/: crash-…, slow-unit-… or timeout-…
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly minutes=${1:-10} folder=.build-fuzz
# A crash is libFuzzer's to report: Swift's own report of it would hold the process up.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

mkdir -p "$folder/corpus"
# lld is Swift's own; gold falls over what the sanitizer leaves behind.
"${SWIFT:-swift}" build --quiet -c release --scratch-path "$folder/build" --product LanguageFuzz \
  -Xswiftc -DLIBFUZZER -Xswiftc -sanitize=fuzzer,address -Xswiftc -parse-as-library -Xswiftc -use-ld=lld
contrib/soak/corpus.py "$folder/seeds"
echo "the language under libFuzzer, for $minutes minutes"
"$folder/build/release/LanguageFuzz" "$folder/corpus" "$folder/seeds" -max_total_time=$((minutes * 60)) -timeout=10 \
  -max_len=20000 -rss_limit_mb=4096 -malloc_limit_mb=1024 -artifact_prefix="$folder/" -print_final_stats=1 \
  -verbosity=0 </dev/null

export BELAY_SEEDS=${BELAY_SEEDS:-100:400}
echo "drawn programs and mutated texts, seeds (from:count) $BELAY_SEEDS"
"${SWIFT:-swift}" test --skip-build --disable-xctest \
  --filter 'RunbookSyntaxTests.FuzzTests|RunbookEvaluatorTests.MachineTests'
