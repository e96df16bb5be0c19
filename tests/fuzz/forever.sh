#!/usr/bin/env bash
# Fuzzes the targets in turn, HOUR seconds each, until it is told to end: see README.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || { echo "usage: tests/fuzz/forever.sh TARGET..." >&2; exit 2; }
hour=${HOUR:-3600}
export SMARTHOP=${SMARTHOP:-$PWD/target/release/smarthop}
tests/fuzz/seed.sh >/dev/null
while :; do
    for target in "$@"; do
        mkdir -p "tests/fuzz/seeds/$target"
        timeout=5
        case $target in server | check) timeout=60 ;; esac
        # The first corpus is where libFuzzer writes what it has learnt. `strangers` has no other.
        corpora=("tests/fuzz/seeds/$target")
        if [ -d "tests/fuzz/corpus/$target" ]; then corpora+=("tests/fuzz/corpus/$target"); fi
        # A finding ends the round.
        cargo +nightly fuzz run --fuzz-dir tests/fuzz -s none -O "$target" "${corpora[@]}" -- \
            -max_len=16384 -timeout="$timeout" -rss_limit_mb=2048 -dict=tests/fuzz/words.dict \
            -max_total_time="$hour" || echo "$target: see tests/fuzz/artifacts/$target" >&2
    done
done
