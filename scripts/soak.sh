#!/usr/bin/env bash
# Soaks a server for SOAK_SECONDS (300): half load, a new edition each minute, slow and rude clients; scripts/soak has the parts.
#   soak.sh [reunion|france] [path of the parvis program]
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
program=${2:-${PARVIS_BIN:-./bin/parvis}}
[ -x "$program" ] || { echo "soak: $program is missing: run make build first"; exit 1; }
PYTHONDONTWRITEBYTECODE=1 python3 scripts/soak/main.py "$program" "data/demo/${1:-reunion}.toml" "$work" "${SOAK_SECONDS:-300}"
