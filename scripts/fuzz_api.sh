#!/usr/bin/env bash
# Asks a running demo (La Réunion) whatever its OpenAPI document allows, and what it forbids (schemathesis): no 5xx, no
# status, media type, header or body that the document does not name. FUZZ_SECONDS (600); docs/TESTING.md has what was found.
#   fuzz_api.sh          a new seed each time
#   fuzz_api.sh short    always the same requests, under a minute: what `make test` runs
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/running.sh

venv fuzz-api scripts/fuzz_api/requirements.txt
ingest reunion "$work/data"
serve "$work/data"
options=(--max-time "${FUZZ_SECONDS:-600}" --seed "${FUZZ_SEED:-$RANDOM}" --generation-database none)
# On Python 3.11, Debian 12's own, the phase `coverage` ends in an error of the interpreter itself ("AST constructor recursion
# depth mismatch").
"$tools/fuzz-api/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' || options+=(--phases examples,fuzzing,stateful)
[ "${1:-}" != short ] || options=(--seed 4 --generation-deterministic --phases examples,fuzzing --max-examples 8 --no-shrink)
found=0
(
  cd "$work"
  cp "$OLDPWD"/scripts/fuzz_api/{schemathesis.toml,hooks.py} .
  PYTHONPATH=. "$tools/fuzz-api/bin/schemathesis" --config-file schemathesis.toml run "$url/api?f=json" "${options[@]}" \
    --report json --report-json-path "$tools/fuzz-api.json"
) || found=$?
clean_log
[ "$found" = 0 ] || { echo "fuzz-api: failures above; the run is in $tools/fuzz-api.json"; exit 1; }
