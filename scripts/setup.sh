#!/usr/bin/env bash
# Installs what Plumbline needs from Debian's packages (Debian 12 or later).
# usage: scripts/setup.sh [core|test|dev|parquet]
#   core     what building and running plumbline takes (default)
#   test     that, and what scripts/test.sh takes
#   dev      that, and what formatting, fuzzing and benchmarks take
#   parquet  DuckDB's library, which Parquet files need: from npm into the
#            user's data folder (XDG_DATA_HOME, else ~/.local/share)
# Does nothing where everything is installed already.
set -euo pipefail
cd "$(dirname "$0")/.."

# The version that the tests run with, and the packages for each machine.
duckdb_version=1.5.6-r.1
duckdb_package() {
  case $(uname -m) in
    x86_64) echo @duckdb/node-bindings-linux-x64 ;;
    aarch64) echo @duckdb/node-bindings-linux-arm64 ;;
    *)
      echo "setup: there is no DuckDB library for $(uname -m) on npm; build" \
        "libduckdb.so and give its path as PLUMBLINE_DUCKDB" >&2
      return 1
      ;;
  esac
}

install_parquet() {
  local folder=${XDG_DATA_HOME:-$HOME/.local/share}/plumbline
  local stamp=$folder/libduckdb.version
  if [ -e "$folder/libduckdb.so" ] &&
    [ "$(cat "$stamp" 2>/dev/null)" = "$duckdb_version" ]; then
    return 0
  fi
  local package
  package=$(duckdb_package)
  if ! command -v npm >/dev/null; then
    install_debian nodejs npm
  fi
  echo "setup: fetching $package@$duckdb_version from npm" >&2
  mkdir -p "$folder"
  local work
  work=$(mktemp -d "$folder/.fetch-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  npm install --ignore-scripts --no-audit --no-fund --no-save --silent \
    --prefix "$work" "$package@$duckdb_version" >&2
  mv "$work/node_modules/$package/LICENSE" "$folder/libduckdb.LICENSE"
  mv "$work/node_modules/$package/libduckdb.so" "$folder/libduckdb.so"
  echo "$duckdb_version" >"$stamp"
}

as_root=()
install_debian() {
  if ! command -v apt-get >/dev/null; then
    echo "setup: install what corresponds to: $*" >&2
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "setup: these packages are missing, and there is no sudo; as root:" >&2
      echo "  apt-get install --no-install-recommends $*" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "setup: installing $*" >&2
  "${as_root[@]}" apt-get -qq -o Acquire::Retries=3 update >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq \
    -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
    install -y --no-install-recommends "$@" >/dev/null
}

purpose=${1:-core}
case $purpose in
  parquet)
    install_parquet
    exit
    ;;
  core) sections="core" ;;
  test) sections="core test" ;;
  dev) sections="core test dev" ;;
  -h | --help)
    sed -n '2,10s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "scripts/setup.sh: unknown purpose \"$purpose\"; use core, test, dev or parquet" >&2
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

install_debian $missing
