# Kontor's commands. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
DATA ?= .kontor
PORT ?= 8000
CASES ?= 20000
ROOMS = web cli jobs schema resolvers reads tenancy persistence domain migrations
UV := $(BIN)/uv
LOCK = pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
  $(if $(UPGRADE),--upgrade)

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

.venv/installed: requirements.lock pyproject.toml
	@.ci/venv $(PYTHON)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -x node_modules $(ROOMS)  # as pip does for all but a checkout: the first start is quick
	@touch $@

.venv/developing: requirements-dev.lock .venv/installed
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

install: .venv/installed ## install into .venv

demo: .venv/installed ## install, start the database, load the demo world, serve it
	@$(BIN)/kontor demo --port $(PORT) --data $(DATA)

test: .venv/developing ## every test, on a throw-away database and in a headless browser
	@$(BIN)/python -m tests.browser.install
	@$(BIN)/python -m tests.e2e.install
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup

check: .venv/developing ## format, lint, types, imports, database against models, printed schemas, rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.check_database
	@$(BIN)/kontor schema --check
	@$(BIN)/python -m tests.ledger

security: .venv/developing ## the long versions: random queries by the ten thousand, isolation, a longer storm
	@KONTOR_DIFFERENTIAL_CASES=$(CASES) STORM_SECONDS=120 $(BIN)/python -m pytest -q -n 2 --dist loadgroup \
	  tests/reads tests/isolation tests/web/test_hostile.py tests/e2e/test_storm.py tests/e2e/test_pgbouncer.py

rules: .venv/developing ## which business rules are covered by tests, and which are planned
	@$(BIN)/python -m tests.ledger --table

bench: .venv/developing ## measure Kontor beside a limit, PostGraphile and Strawberry: benchmarks/REPORT.md
	@$(BIN)/kontor bench

schema: .venv/developing ## print the two schemas anew
	@$(BIN)/kontor schema

playground: .venv/developing ## build the playground's bundle from its sources
	@$(BIN)/python web/playground/build.py

lock: .venv/developing ## lock the dependencies anew, `UPGRADE=1` to their newest releases
	@$(UV) $(LOCK) --group build pyproject.toml -o requirements.lock
	@$(UV) $(LOCK) --group build --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove what these commands made, the demo's data included
	@if [ -x $(BIN)/kontor ]; then $(BIN)/kontor stop --data $(DATA) >/dev/null 2>&1 || true; fi
	@rm -rf .venv $(DATA) .kontor-bench benchmarks/postgraphile/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

.PHONY: help install demo test check security rules bench schema playground lock clean
