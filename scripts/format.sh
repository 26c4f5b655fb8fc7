#!/usr/bin/env bash
# Formats every C++ file with clang-format.
# usage: scripts/format.sh [--check]   (--check changes nothing; exit 1 if needed)
set -euo pipefail
cd "$(dirname "$0")/.."

options=(-i)
case ${1:-} in
  "") ;;
  --check) options=(--dry-run -Werror) ;;
  *)
    echo "scripts/format.sh: unknown option \"$1\"; the only one is --check" >&2
    exit 2
    ;;
esac
git ls-files -z --cached --others --exclude-standard '*.cc' '*.h' |
  xargs -0 -r clang-format "${options[@]}"
