# Two commands do everything: `make run` and `make test`. Needs git, make, python3 and python3-venv.
PY := .venv/bin/python
UV := .venv/bin/uv
# The machine's own certificates where it has them: a company's proxy is known there and not to uv.
CERTS := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt),--system-certs)
SYNC := $(UV) sync --quiet --frozen --inexact $(CERTS) --extra server
HOST ?= 127.0.0.1
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run check test bench long

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

# Debian's python3-venv is a package of its own: without it the folder would stay behind half-made.
.venv/bin/uv:
	@python3 -c 'import ensurepip' 2>/dev/null || { \
		echo 'python3-venv が必要です。「sudo apt-get install python3-venv」で入れてから、もう一度実行してください。' >&2; exit 1; }
	@echo '必要な部品を取り寄せています（初回は 1〜2 分かかります）…'
	@python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check "uv>=0.13.8,<0.14"

# --inexact keeps uv itself; the lock file decides every version.
.venv/.server: .venv/bin/uv uv.lock pyproject.toml
	@$(SYNC)
	@touch $@

.venv/.dev: .venv/bin/uv uv.lock pyproject.toml
	@$(SYNC) --group dev
	@touch $@ .venv/.server

run: .venv/.server  ## start hoshu with its demo: http://127.0.0.1:8000 (PORT=… HOST=… HOSHU_HOME=…)
	@.venv/bin/hoshu up --demo --host $(HOST) --port $(PORT)

check: .venv/.dev  ## style, types, import contract, migrations, pure tests (about a minute)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/hoshu django makemigrations --check --dry-run
	.venv/bin/pytest -q tests/dates tests/japan tests/catalog tests/terms tests/architecture

test: .venv/.dev  ## everything once: pure, database, stories, a real Chromium
	@sh tests/browser/need_chromium.sh
	.venv/bin/pytest -q

bench: .venv/.dev  ## ratios against the fixed yardsticks
	@$(SYNC) --group dev --group bench
	$(PY) -m bench

long: .venv/.dev  ## the property tests with 5,000 examples each
	.venv/bin/pytest -q --hypothesis-profile=long tests/dates tests/terms tests/files tests/web/test_timeline.py
