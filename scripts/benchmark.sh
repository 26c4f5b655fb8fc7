#!/usr/bin/env bash
# Times plumbline audit on a million predictions beside what a user would run
# today (careful numpy; pandas with scikit-learn), after checking that all give
# the same numbers. Takes a minute or two. Never part of the tests.
# usage: scripts/benchmark.sh [--runs N]   (default: 5 runs, medians)
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh dev
cmake --preset benchmark >&2
cmake --build --preset benchmark --parallel "${PLUMBLINE_JOBS:-2}" \
  --target plumbline make_predictions >&2

folder=build/benchmark/side_by_side
table=$folder/predictions_1e6.csv
sha256=e3d37768b34cdd512a16a337bba9d4bd87b44b609847413c6334e7320e5707b1
mkdir -p "$folder"
if ! sha256sum --status --check <<<"$sha256  $table" 2>/dev/null; then
  build/benchmark/bin/make_predictions --rows 1000000 --out "$table"
  sha256sum --quiet --check <<<"$sha256  $table"
fi

# Debian's Python, which has the packages of scripts/setup.sh.
/usr/bin/python3 benchmarks/side_by_side.py build/benchmark/bin/plumbline \
  "$table" "$folder" "$@"
