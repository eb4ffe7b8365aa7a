#!/usr/bin/env bash
# Installs the servers' peers, measures ours beside them, and writes their part of benches/RESULTS.md (../README.md).
#   run.sh [--only prepare|stored,filtered,items,export,levels,start,counts,growth|report]
#   RUNS=5 (1: a look), PARVIS_BIN=./bin/parvis, PEERS_BUILD=build/peers, SCALE_DATA=build/scale-1m, MARTIN_BIN=martin
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
export PARVIS_BIN=${PARVIS_BIN:-./bin/parvis} RUNS=${RUNS:-5} PEERS_BUILD=${PEERS_BUILD:-build/peers}
[ -x "$PARVIS_BIN" ] || { echo "peers: $PARVIS_BIN is missing: run make build first"; exit 1; }
"$here/install.sh" "$PWD/$PEERS_BUILD"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here:$here/.."
exec "$PEERS_BUILD/venv-server/bin/python" "$here/main.py" "$@"
