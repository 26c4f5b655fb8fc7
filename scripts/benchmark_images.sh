#!/usr/bin/env bash
# Times the decoders beside the libraries that they use, the reading of a packed
# file, the search for near-duplicates and the drawing of phantoms. Takes two
# minutes. Never part of the tests.
# usage: scripts/benchmark_images.sh
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset benchmark >&2
cmake --build --preset benchmark --parallel "${PLUMBLINE_JOBS:-2}" \
  --target decode_benchmark cohort_benchmark >&2

for program in decode_benchmark cohort_benchmark; do
  "build/benchmark/bin/$program" --benchmark_repetitions=3 \
    --benchmark_enable_random_interleaving=true \
    --benchmark_min_time=0.2 2>/dev/null | grep -E "Benchmark|_median"
done
