#!/usr/bin/env bash
# Ingests a demo territory, serves it, and opens everything with other people's readers (formats.py, tiles.mjs), then
# walks the whole service with other people's clients (walk.py).
#   check_formats.sh [reunion|france] [path of the parvis program]
set -euo pipefail
cd "$(dirname "$0")/.."
territory=${1:-reunion}
[ -z "${2:-}" ] || PARVIS_BIN=$2
. scripts/running.sh

venv venv scripts/requirements.txt
[ -d "$tools/node_modules/pmtiles" ] || npm install --silent --no-audit --no-fund --prefix "$tools" pmtiles@4.5.0 >/dev/null
ingest "$territory" "$work/data"
serve "$work/data"
"$tools/venv/bin/python" scripts/formats.py "$url" "$work"
cp scripts/tiles.mjs "$tools/tiles.mjs"
node "$tools/tiles.mjs" "$work/boundaries.pmtiles"
"$tools/venv/bin/python" scripts/walk.py "$url" "$work"
clean_log
echo "formats of $territory: all readers agree"
