#!/usr/bin/env bash
# Times the loops of a face audit beside NumPy, scikit-learn and OpenBLAS in one
# run. Takes two minutes. Never part of the tests.
# usage: scripts/benchmark_face.sh
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset benchmark >&2
cmake --build --preset benchmark --parallel "${PLUMBLINE_JOBS:-2}" \
  --target face_benchmark >&2

echo "plumbline"
build/benchmark/bin/face_benchmark --benchmark_repetitions=5 \
  --benchmark_report_aggregates_only=true 2>/dev/null | grep -E "Benchmark|_median"
echo "Python"
OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-SkylakeX} \
  /usr/bin/python3 benchmarks/face_python.py
