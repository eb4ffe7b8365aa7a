# Sourced by the scripts that look at a running program: an ingested demo territory, served on a free port.
# They get $program, $tools (a folder that stays), $work (one that goes), and `serve`, which sets $url and $server.

build=${CARGO_TARGET_DIR:-$PWD/target}
program=${PARVIS_BIN:-$build/debug/parvis}
tools=$build/check-formats
work=$(mktemp -d)
trap 'finish' EXIT

finish() {
  [ -z "${server:-}" ] || kill "$server" 2>/dev/null || true
  rm -rf "$work"
}

# A virtual environment of a requirements file: venv NAME FILE
venv() {
  local folder=$tools/$1
  cmp -s "$2" "$folder/requirements.txt" && return
  mkdir -p "$tools"
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$2"
  cp "$2" "$folder/requirements.txt"
}

# Ingests a demo territory into a data folder: ingest reunion|france DATA
ingest() {
  "$program" ingest "data/demo/$1.toml" --data "$2" >"$work/ingest.log" 2>&1 || { cat "$work/ingest.log"; exit 1; }
}

# Serves a data folder until the script ends: serve DATA
serve() {
  "$program" serve --data "$1" --bind 127.0.0.1:0 --log warn >"$work/serve.out" 2>"$work/serve.err" &
  server=$!
  url=
  for _ in $(seq 600); do
    url=$(grep -oE 'http://[0-9.:]+' "$work/serve.out" || true)
    [ -z "$url" ] || return 0
    kill -0 "$server" 2>/dev/null || { cat "$work/serve.err"; exit 1; }
    sleep 0.1
  done
  echo "the server printed no address"
  exit 1
}

# The server still runs, and its log says nothing worse than expected: clean_log
clean_log() {
  kill -0 "$server" 2>/dev/null || { echo "the server has ended:"; cat "$work/serve.err"; exit 1; }
  [ ! -s "$work/serve.err" ] || { echo "the server's log is not clean:"; cat "$work/serve.err"; exit 1; }
}
