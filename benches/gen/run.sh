#!/usr/bin/env bash
# Makes scale data and ingests it: FOLDER/territory.toml, its inputs, and an edition in FOLDER/data.
#   run.sh ROWS [FOLDER]     FOLDER=build/scale-1m for 1000000; EVENTS=200000, PARVIS_BIN=./bin/parvis; PARVIS_BIN= (empty) only generates
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
rows=${1:?how many actors}
case $rows in
  *000000) label=${rows%000000}m ;;
  *000) label=${rows%000}k ;;
  *) label=$rows ;;
esac
folder=${2:-build/scale-$label}
program=${PARVIS_BIN-./bin/parvis}
venv=build/gen-venv
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/main.py" "$rows" "$folder" --events "${EVENTS:-200000}"
[ -n "$program" ] || exit 0
/usr/bin/time -f 'ingest: %e s, %U s of processor, %M kB at most' \
  "$program" ingest "$folder/territory.toml" --data "$folder/data" --report "$folder/report.json"
