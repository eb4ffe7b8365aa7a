#!/usr/bin/env bash
# Installs what the build needs, or says what is missing and how to get it.
#   setup.sh                              toolchains and Debian packages
#   setup.sh libduckdb NPM_PACKAGE FILE   the prebuilt DuckDB library
#   setup.sh mvt-fixtures                 good and bad tiles for our reader of tiles, once into build/
#   setup.sh cargo-deny                   the licence checker, once into the build folder
#   setup.sh chromium                     the browser of tests/e2e, unless there is one or CHROMIUM names one
set -euo pipefail

fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

toolchains() {
  command -v cargo >/dev/null || fail "cargo is missing: install Rust 1.95 or newer (rustup.rs)"
  command -v npm >/dev/null || fail "npm is missing: install Node.js 20 or newer"
  local node; node=$(node --version | sed -E 's/^v([0-9]+).*/\1/')
  [ "$node" -ge 20 ] || fail "Node.js $node is too old: 20 or newer is needed"
}

debian_packages() {
  local missing=()
  command -v c++ >/dev/null || missing+=(build-essential)
  command -v cmake >/dev/null || missing+=(cmake)
  command -v pkg-config >/dev/null || missing+=(pkg-config)
  command -v sqlite3 >/dev/null || missing+=(sqlite3)
  { command -v pkg-config >/dev/null && pkg-config --exists sqlite3; } || missing+=(libsqlite3-dev)
  python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
  apt_install "${missing[@]}"
}

# Installs Debian packages; none is nothing to do.
apt_install() {
  [ $# -eq 0 ] && return
  command -v apt-get >/dev/null || fail "missing: $* (names of Debian's packages)"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "missing: run  sudo apt-get install $*"
    sudo=(sudo -n)
  fi
  echo "setup: installing $*"
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

chromium() {
  [ -n "${CHROMIUM:-}" ] && return
  local name
  for name in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    [ -x "$name" ] && return
  done
  apt_install chromium
}

libduckdb() {
  local package=$1 file=$2 work
  [ "$(uname -sm)" = "Linux x86_64" ] || fail "the prebuilt DuckDB library is for Linux on x86-64; elsewhere build with --features bundled"
  work=$(mktemp -d)
  echo "setup: fetching $package"
  (cd "$work" && npm pack --silent "$package" >/dev/null && tar xzf ./*.tgz package/libduckdb.so)
  mkdir -p "$(dirname "$file")"
  mv "$work/package/libduckdb.so" "$file"
  rm -rf "$work"
}

mvt_fixtures() {
  local folder=build/mvt-fixtures
  [ -d "$folder/node_modules/@mapbox/mvt-fixtures" ] && return
  mkdir -p "$folder"
  npm install --silent --no-audit --no-fund --no-save --prefix "$folder" @mapbox/mvt-fixtures@4.0.0 >/dev/null \
    || echo "setup: @mapbox/mvt-fixtures could not be installed; its tests will say that they did nothing"
}

cargo_deny() {
  local root="${CARGO_TARGET_DIR:-target}/tools"
  command -v cargo-deny >/dev/null || [ -x "$root/bin/cargo-deny" ] && return
  echo "setup: building cargo-deny (once)"
  cargo install --quiet --locked --root "$root" cargo-deny
}

case "${1:-all}" in
  all) toolchains; debian_packages ;;
  libduckdb) libduckdb "$2" "$3" ;;
  mvt-fixtures) mvt_fixtures ;;
  cargo-deny) cargo_deny ;;
  chromium) chromium ;;
  *) fail "unknown step: $1" ;;
esac
