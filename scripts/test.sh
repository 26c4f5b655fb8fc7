#!/usr/bin/env bash
# Builds everything with the release flags and runs the tests. Installs missing
# Debian packages first.
# usage: scripts/test.sh [--all]
#   --all  also the tests labelled `slow`
# Tests labelled `data` need the data sets of PLUMBLINE_TEST_DATA (default:
# ../shared/data) and are skipped with "not present" where they are not.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=test
case ${1:-} in
  "") ;;
  --all) preset=all ;;
  -h | --help)
    sed -n '2,7s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "scripts/test.sh: unknown option \"$1\"; the only one is --all" >&2
    exit 2
    ;;
esac
PLUMBLINE_TEST_DATA=$(realpath -m "${PLUMBLINE_TEST_DATA:-../shared/data}")
export PLUMBLINE_TEST_DATA
if [ ! -d "$PLUMBLINE_TEST_DATA" ]; then
  echo "data sets: not present in $PLUMBLINE_TEST_DATA;" \
    "the tests labelled data are skipped" >&2
fi

scripts/setup.sh test
scripts/setup.sh parquet || echo "DuckDB's library: not present; the tests of" \
  "Parquet are skipped" >&2
scripts/setup.sh onnx || echo "ONNX Runtime: not present; the tests of models" \
  "in ONNX files are skipped" >&2
cmake --preset test
cmake --build --preset test --parallel "${PLUMBLINE_JOBS:-2}"
ctest --preset "$preset"
