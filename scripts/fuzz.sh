#!/usr/bin/env bash
# Runs every fuzz target with the address and undefined sanitizers.
# usage: scripts/fuzz.sh [SECONDS]   (for each target; default 60)
# What it finds lies in build/fuzz/found; what it learns in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

scripts/setup.sh dev
scripts/setup.sh parquet || echo "DuckDB's library: not present; parquet_fuzz" \
  "tries nothing" >&2
cmake --preset fuzz >&2
cmake --build --preset fuzz --parallel "${PLUMBLINE_JOBS:-2}" \
  --target fuzzers >&2

mkdir -p build/fuzz/found
failed=()
for source in fuzz/*_fuzz.cc; do
  target=$(basename "$source" .cc)
  learned=build/fuzz/corpus/$target
  mkdir -p "$learned"
  if [ "$target" = face_library_fuzz ]; then
    cp build/fuzz/lib/plumbline/toys/*.so "$learned"
  fi
  case $target in dicom_fuzz | image_decode_fuzz)
    cp tests/data/dicom/*.dcm "$learned" ;;
  esac
  options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048
    -verbosity=0 -print_final_stats=1
    -artifact_prefix="build/fuzz/found/$target-")
  if [ -e "fuzz/$target.dict" ]; then
    options+=(-dict="fuzz/$target.dict")
  fi
  echo "== $target, $seconds s" >&2
  "build/fuzz/bin/$target" "${options[@]}" "$learned" "fuzz/corpus/$target" ||
    failed+=("$target")
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz: ${failed[*]} failed; the inputs lie in build/fuzz/found" >&2
  exit 1
fi
