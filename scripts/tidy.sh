#!/usr/bin/env bash
# Checks the sources (not the tests) with clang-tidy; .clang-tidy says for what.
# usage: scripts/tidy.sh [FILE.cc...]   (default: everything under src/ but
# for what includes LibTorch)
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh dev
cmake --preset debug >&2
if [ $# -eq 0 ]; then
  # clang 14 does not compile LibTorch's headers as C++20.
  mapfile -t files < <(git ls-files 'src/*.cc' | grep -v '_test' |
    xargs grep -LE '#include <(ATen|torch)/' | grep -v '^src/plumbline/model/')
  set -- "${files[@]}"
fi
printf '%s\0' "$@" | xargs -0 -P "${PLUMBLINE_JOBS:-2}" -n 1 \
  clang-tidy --quiet -p build/debug --extra-arg=-Wno-unknown-warning-option
