#!/usr/bin/env bash
# Installs the peers, measures everything once, writes benches/RESULTS.md (README.md beside this file).
#   run.sh [--only units,growth,tiles,gaps]     RUNS=5 runs of each, PARVIS_BIN=./bin/parvis, PEERS_BUILD=build/peers
set -euo pipefail
[ "${PART:-boundaries}" = boundaries ] || exec "$(dirname "$0")/$PART/run.sh" "$@"
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export PARVIS_BIN=${PARVIS_BIN:-./bin/parvis} RUNS=${RUNS:-5} PEERS_BUILD=${PEERS_BUILD:-build/peers}
[ -x "$PARVIS_BIN" ] || { echo "peers: $PARVIS_BIN is missing: run make build first"; exit 1; }
"$here/install.sh" "$PWD/$PEERS_BUILD"
export PYTHONDONTWRITEBYTECODE=1
exec "$PEERS_BUILD/venv/bin/python" "$here/main.py" "$@"
