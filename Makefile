# Two commands do everything: `make run` and `make test`. Needs git, make, python3 and python3-venv.
PY := .venv/bin/python
UV := .venv/bin/uv
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test check bench long

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

.venv/bin/uv:
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check "uv>=0.13.8,<0.14"

# --inexact keeps uv itself; the lock file decides every version.
.venv/.server: .venv/bin/uv uv.lock pyproject.toml
	$(UV) sync --quiet --frozen --inexact --extra server
	@touch $@

.venv/.dev: .venv/bin/uv uv.lock pyproject.toml
	$(UV) sync --quiet --frozen --inexact --extra server --group dev
	@touch $@ .venv/.server

run: .venv/.server  ## start hoshu with its demo: http://127.0.0.1:8000 (PORT=… HOSHU_HOME=…)
	@.venv/bin/hoshu up --demo --port $(PORT)

check: .venv/.dev  ## style, types, import contract, migrations, pure tests (under a minute)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/hoshu django makemigrations --check --dry-run
	.venv/bin/pytest -q tests/dates tests/catalog tests/terms tests/architecture

test: .venv/.dev  ## everything once: pure, database, stories, a real Chromium
	@sh tests/browser/need_chromium.sh
	.venv/bin/pytest -q

bench: .venv/.dev  ## ratios against the fixed yardsticks
	$(UV) sync --quiet --frozen --inexact --extra server --group dev --group bench
	$(PY) -m bench

long: .venv/.dev  ## chaos, soak and fuzz
	.venv/bin/pytest -q -m long
