#!/usr/bin/env bash
# Installs what Plumbline needs from Debian's packages (Debian 12 or later).
# usage: scripts/setup.sh [core|test|dev]
#   core  what building and running plumbline takes (default)
#   test  that, and what scripts/test.sh takes
#   dev   that, and what formatting, fuzzing and benchmarks take
# Does nothing where everything is installed already.
set -euo pipefail
cd "$(dirname "$0")/.."

purpose=${1:-core}
case $purpose in
  core) sections="core" ;;
  test) sections="core test" ;;
  dev) sections="core test dev" ;;
  -h | --help)
    sed -n '2,8s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "scripts/setup.sh: unknown purpose \"$purpose\"; use core, test or dev" >&2
    exit 2
    ;;
esac

packages=$(awk -v wanted=" $sections " '
  /^#/ || /^$/ { next }
  /^\[.*\]$/ { name = substr($0, 2, length($0) - 2); next }
  index(wanted, " " name " ") { print }' scripts/packages.txt)

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "setup: this is not Debian or a relative of it. If the build stops," \
    "install what corresponds to:" $packages >&2
  exit 0
fi

installed=$(dpkg-query --show --showformat='${db:Status-Abbrev}${binary:Package}\n' |
  sed -n 's/^ii \([^:]*\).*/\1/p' | sort)
missing=$(comm -23 <(sort <<<"$packages") <(echo "$installed"))
if [ -z "$missing" ]; then
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "setup: these packages are missing, and there is no sudo; as root:" >&2
    echo "  apt-get install --no-install-recommends" $missing >&2
    exit 1
  fi
  as_root=(sudo)
fi

echo "setup: installing" $missing >&2
"${as_root[@]}" apt-get -qq -o Acquire::Retries=3 update >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq \
  -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
  install -y --no-install-recommends $missing >/dev/null
