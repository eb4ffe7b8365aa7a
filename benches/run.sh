#!/usr/bin/env bash
# The measures of benches/README.md, on this machine: ingest of the France demo, start, memory, stored tiles.
# Needs wrk, GNU time and taskset (Debian: wrk time util-linux). Server on core 0, client on core 1.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
for tool in wrk taskset /usr/bin/time; do command -v "$tool" >/dev/null || { echo "missing: $tool"; exit 1; }; done

echo "## ingest of the France demo, whole, three runs"
for run in 1 2 3; do
  rm -rf "$work/data"
  /usr/bin/time -f '%e s wall, %U s user, %M kB peak' ./bin/parvis ingest data/demo/france.toml --data "$work/data" >/dev/null 2>"$work/log"
  tail -1 "$work/log"
done
grep -vE 'parvis|^$' "$work/log" | head -n -1
du -sh --apparent-size "$work/data" | sed 's/\s.*/ on disk/'

echo "## server ready, five starts"
for run in 1 2 3 4 5; do
  began=$(date +%s%N)
  taskset -c 0 ./bin/parvis serve --data "$work/data" --bind 127.0.0.1:8977 --log error >/dev/null &
  server=$!
  until curl -fs -o /dev/null http://127.0.0.1:8977/ready; do sleep 0.005; done
  echo "$(( ($(date +%s%N) - began) / 1000000 )) ms, $(grep VmRSS /proc/$server/status | tr -s ' \t' ' ')"
  [ "$run" = 5 ] || { kill "$server"; wait "$server" 2>/dev/null || true; }
done

echo "## stored tiles, one core for the server"
for connections in 1 16 64; do
  taskset -c 1 wrk -t1 -c "$connections" -d 10s --latency -s benches/tiles.lua http://127.0.0.1:8977 \
    | grep -E '50%|99%|Requests/sec|Non-2xx|Transfer' | tr -s ' \n' ' '
  echo "($connections connections)"
done
echo "## filtered actor tiles (theme=food), one core for the server, 16 connections"
QUERY='?theme=food' TILESET=actors taskset -c 1 wrk -t1 -c16 -d 10s --latency -s benches/tiles.lua http://127.0.0.1:8977 \
  | grep -E '50%|99%|Requests/sec|Non-2xx|Transfer' | tr -s ' \n' ' '
echo
echo "$(grep VmHWM /proc/$server/status | tr -s ' \t' ' ') at the end"
