#!/usr/bin/env bash
# Ingests a demo territory, serves it, and opens everything with other people's readers (formats.py, tiles.mjs).
#   check_formats.sh [reunion|france] [path of the parvis program]
set -euo pipefail
cd "$(dirname "$0")/.."
territory=${1:-reunion}
build=${CARGO_TARGET_DIR:-$PWD/target}
program=${2:-$build/debug/parvis}
tools=$build/check-formats
work=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

if [ ! -x "$tools/venv/bin/python" ] || ! cmp -s scripts/requirements.txt "$tools/requirements.txt"; then
  mkdir -p "$tools"
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet -r scripts/requirements.txt
  cp scripts/requirements.txt "$tools/requirements.txt"
fi
[ -d "$tools/node_modules/pmtiles" ] || npm install --silent --no-audit --no-fund --prefix "$tools" pmtiles@4.5.0 >/dev/null

"$program" ingest "data/demo/$territory.toml" --data "$work/data" >"$work/ingest.log" 2>&1 || { cat "$work/ingest.log"; exit 1; }
"$program" serve --data "$work/data" --bind 127.0.0.1:0 --log warn >"$work/serve.out" 2>"$work/serve.err" &
server=$!
for _ in $(seq 100); do
  url=$(grep -oE 'http://[0-9.:]+' "$work/serve.out" || true)
  [ -z "$url" ] || break
  kill -0 "$server" 2>/dev/null || { cat "$work/serve.err"; exit 1; }
  sleep 0.1
done
[ -n "$url" ] || { echo "the server printed no address"; exit 1; }
"$tools/venv/bin/python" scripts/formats.py "$url" "$work"
cp scripts/tiles.mjs "$tools/tiles.mjs"
node "$tools/tiles.mjs" "$work/boundaries.pmtiles"
if command -v ogrinfo >/dev/null; then
  listed=$(ogrinfo -ro "OAPIF:$url" | grep -cE '^[0-9]+: ')
  [ "$listed" = 8 ] || { echo "ogrinfo lists $listed collections, not 8"; exit 1; }
  echo "ogrinfo: 8 collections"
fi
[ ! -s "$work/serve.err" ] || { echo "the server's log is not clean:"; cat "$work/serve.err"; exit 1; }
echo "formats of $territory: all readers agree"
