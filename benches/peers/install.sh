#!/usr/bin/env bash
# Installs the peers by package name: osmium-tool, tilemaker and GNU time from Debian, the rest of requirements.txt
# from PyPI into a virtual environment. What cannot be installed is written to FOLDER/not-installed, one line each,
# and from there into RESULTS.md; only without Python's packages is there nothing to compare.
#   install.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")"
folder=$1
mkdir -p "$folder"
: >"$folder/not-installed"

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

debian() { # package, program
  command -v "$2" >/dev/null && return
  echo "peers: installing $1"
  if ! DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$1" \
    >"$folder/apt.log" 2>&1 </dev/null; then
    printf '%s\t%s\n' "$1" "$(tail -n 1 "$folder/apt.log")" >>"$folder/not-installed"
  fi
}

debian time /usr/bin/time
debian osmium-tool osmium
debian tilemaker tilemaker

if ! cmp -s requirements.txt "$folder/requirements.txt"; then
  echo "peers: installing $(tr '\n' ' ' <requirements.txt)"
  rm -rf "$folder/venv"
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$folder/requirements.txt"
fi
