#!/usr/bin/env bash
# Times the search for slices on a million predictions beside the enumeration
# that a user would write with pandas. Takes a minute. Never part of the tests.
# usage: scripts/benchmark_slices.sh [DEPTH]   (default: 3)
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset benchmark >&2
cmake --build --preset benchmark --parallel "${PLUMBLINE_JOBS:-2}" \
  --target slices_on_table make_predictions >&2

folder=build/benchmark/slices
table=$folder/predictions_1e6.csv
sha256=e3d37768b34cdd512a16a337bba9d4bd87b44b609847413c6334e7320e5707b1
mkdir -p "$folder"
if ! sha256sum --status --check <<<"$sha256  $table" 2>/dev/null; then
  build/benchmark/bin/make_predictions --rows 1000000 --out "$table"
  sha256sum --quiet --check <<<"$sha256  $table"
fi

echo "plumbline"
build/benchmark/bin/slices_on_table "$table" "${1:-3}"
echo "pandas, scipy and statsmodels"
/usr/bin/python3 benchmarks/slices_pandas.py "$table" \
  sex,age_band,race,device,site y_true score 0.2 "${1:-3}"
