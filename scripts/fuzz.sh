#!/usr/bin/env bash
# Fuzzes each target for FUZZ_SECONDS; findings are left in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds="${FUZZ_SECONDS:-600}"
# libdeflate includes one template twice: its two tables of one name are no error.
export ASAN_OPTIONS="detect_odr_violation=0"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/../target}/fuzz"

if ! cargo +nightly --version >/dev/null 2>&1; then
  echo "fuzzing needs a nightly compiler: rustup toolchain install nightly" >&2
  exit 1
fi
if ! cargo +nightly fuzz --version >/dev/null 2>&1; then
  cargo +nightly install cargo-fuzz --locked --quiet
fi
for target in pbf mesh; do
  echo "fuzzing $target for $seconds s"
  # New inputs go beside the corpus of the repository, not into it.
  mkdir -p "$CARGO_TARGET_DIR/corpus/$target"
  # Memory that another thread frees after a run looks like a leak to libFuzzer, and looking for it takes its time.
  # -O: no overflow checks, as in the release: osmpbf adds up the deltas of a file unchecked.
  cargo +nightly fuzz run -O "$target" "$CARGO_TARGET_DIR/corpus/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -detect_leaks=0 -max_len=4096 -print_final_stats=1
done
