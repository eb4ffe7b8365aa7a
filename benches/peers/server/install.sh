#!/usr/bin/env bash
# Installs the peers of the server by package name: nginx, wrk, PostGIS and GDAL's programs from Debian, martin from
# crates.io (twenty minutes, once), the rest of requirements.txt from PyPI. What is missing then is a line of RESULTS.md.
#   install.sh FOLDER
set -euo pipefail
cd "$(dirname "$0")"
folder=$1
mkdir -p "$folder/server"
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

debian() { # package, a file of it
  [ -e "$2" ] && return
  echo "peers: installing $1"
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$1" \
    >"$folder/apt.log" 2>&1 </dev/null || echo "peers: $1 could not be installed: $(tail -n 1 "$folder/apt.log")"
}

debian time /usr/bin/time
debian wrk /usr/bin/wrk
debian nginx-light /usr/sbin/nginx
debian gdal-bin /usr/bin/ogr2ogr
debian postgresql-15-postgis-3 /usr/lib/postgresql/15/lib/postgis-3.so

if ! cmp -s requirements.txt "$folder/venv-server/requirements.txt"; then
  echo "peers: installing $(tr '\n' ' ' <requirements.txt)"
  [ -d "$folder/venv-server" ] || python3 -m venv "$folder/venv-server"
  "$folder/venv-server/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
  cp requirements.txt "$folder/venv-server/requirements.txt"
fi

if [ -z "${MARTIN_BIN:-}" ] && ! command -v martin >/dev/null && [ ! -x "$folder/server/tools/bin/martin" ]; then
  echo "peers: building martin 1.14.0 (once)"
  # The sources of tiles that are compared; the defaults also bring a renderer and a web page.
  cargo install --quiet --locked --root "$folder/server/tools" martin@1.14.0 --no-default-features --features postgres,pmtiles,mbtiles,metrics \
    || echo "peers: martin could not be built"
fi
