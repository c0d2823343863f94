# A newcomer needs two commands: `make demo` and `make test`.
# What is made carries its own stamp: a changed lock or source, or a folder removed, makes it again.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := build
MAKEFLAGS += --no-builtin-rules

FAULT_MINUTES ?= 15
SOAK_HOURS ?= 8

BIN := .venv/bin
PYTHON := .venv/.installed
CHROMIUM := .venv/.chromium
NODE := pwa/node_modules/.package-lock.json
FRONT_END := pwa/dist/index.html

# Node comes with the virtual environment; whatever the machine has is never used.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export FAULT_MINUTES SOAK_HOURS

APT := DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=380

# Folders too: a file that went away must rebuild as well.
SOURCES := $(shell find pwa/src pwa/public sync ! -path '*__pycache__*' ! -name '*.py' ! -name '*.md') \
	pwa/index.html pwa/vite.config.ts pwa/tsconfig.json

.PHONY: demo test fault soak bench lint format build wheel generate icons lock clean

demo: build
	exec $(BIN)/zuzweit demo --parent $$PPID

build: $(FRONT_END)

test: build $(CHROMIUM)
	cd pwa && npm test
	$(BIN)/pytest -n 2 --dist loadgroup tests/unit tests/property tests/simulation tests/e2e

fault: build
	$(BIN)/pytest tests/fault -m "not soak" --timeout $$(( (FAULT_MINUTES + 15) * 60 ))

soak: build
	$(BIN)/pytest tests/fault -m soak --timeout 0

bench: build
	$(BIN)/python -m tests.bench

lint: $(NODE) $(PYTHON)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/zuzweit generate --check
	cd pwa && npm run lint && npm run check

format: $(NODE) $(PYTHON)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	cd pwa && npm run format

generate: $(PYTHON)
	$(BIN)/zuzweit generate

icons: $(CHROMIUM)
	$(BIN)/python -m pwa.render_icons

wheel: build
	$(BIN)/hatchling build -t wheel

# Writes both locks anew, without any address in them.
lock: $(PYTHON)
	$(BIN)/uv pip compile --upgrade --universal --generate-hashes --python-version 3.11 \
		--no-header --no-annotate --no-emit-index-url --all-extras --quiet \
		pyproject.toml requirements.in --output-file requirements.lock > /dev/null
	cd pwa && npm update && npm ci --dry-run > /dev/null

clean:
	rm -rf .venv .bench dist node_modules pwa/node_modules pwa/dist
	rm -rf .hypothesis .pytest_cache .ruff_cache test-results

# Debian ships python3 without ensurepip; python3-venv brings it.
.venv/pyvenv.cfg:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@if ! python3 -c 'import ensurepip' 2> /dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			$(APT) update && $(APT) install -y python3-venv; \
		else \
			echo 'Python cannot make virtual environments here. As root: apt-get install python3-venv' >&2; \
			exit 1; \
		fi; \
	fi
	python3 -m venv --clear .venv

$(PYTHON): requirements.lock pyproject.toml wheel_hook.py .venv/pyvenv.cfg
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-build-isolation --no-deps -e .
	touch $@

# Tests lie outside pwa/, and Node looks for packages in the folders above a file: hence the link.
$(NODE): pwa/package-lock.json pwa/package.json pwa/.npmrc | $(PYTHON)
	cd pwa && npm ci
	ln -sfn pwa/node_modules node_modules
	touch $@

$(FRONT_END): $(SOURCES) $(NODE)
	cd pwa && npm run build
	touch $@

define FIND_CHROMIUM
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
endef
export FIND_CHROMIUM

$(CHROMIUM): $(PYTHON)
	@if ! command -v chromium > /dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			$(APT) update && $(APT) install -y --no-install-recommends \
				chromium chromium-l10n fonts-liberation; \
		else \
			$(BIN)/playwright install chromium; \
			ln -s "$$($(BIN)/python -c "$$FIND_CHROMIUM")" $(BIN)/chromium; \
		fi; \
	fi
	touch $@
