# Everything a developer or an operator calls. `make help` prints these lines.
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
export PORT
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help run test test-sqlite test-postgresql coverage bench bench-small screenshots lint types check messages lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | column -t -s "$$(printf '\t')"

run: $(VENV)/.run ## install, make demo data if there is none, and serve on http://127.0.0.1:$(PORT)
	DEBUG=$${DEBUG:-1} $(BIN)/python manage.py quickstart

test: test-sqlite test-postgresql ## the whole suite, on SQLite and on PostgreSQL

test-sqlite: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2

# What a browser shows does not depend on the database: it is looked at on SQLite.
test-postgresql: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m "not browser" -p ats_project.on_postgresql

# Apart from `test`: measuring makes the suite half as long again.
coverage: $(VENV)/.dev ## the suite on SQLite, with statement coverage (95 % or more)
	$(BIN)/python -m pytest -n 2 --cov --cov-report=
	$(BIN)/coverage report --fail-under=95

# The data stay in var/bench: making a million candidates takes minutes.
bench: $(VENV)/.dev ## measure against hand-written SQL, with 1,000,000 candidates; writes docs/benchmarks.md
	$(BIN)/python -m benchmarks

bench-small: $(VENV)/.dev ## the same with 50,000 candidates, for a quick look; writes nothing
	$(BIN)/python -m benchmarks --candidates 50000 --organizations 100 --imported 20000 --seconds 10 --no-report

screenshots: $(VENV)/.dev ## take the pictures of README and docs/tour.md anew, of demo data (needs chromium)
	$(BIN)/python -m ats_project.screenshots

lint: $(VENV)/.dev ## style, and what ruff finds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy
	DEBUG=1 $(BIN)/mypy .

check: $(VENV)/.dev ## Django's own checks, migrations that are missing, the OpenAPI description
	DEBUG=1 $(BIN)/python manage.py check
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=1 $(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

messages: $(VENV)/.dev ## collect the texts that can be translated (needs gettext), and compile the translations
	DEBUG=1 $(BIN)/python manage.py makemessages --locale de --no-location --no-obsolete --no-wrap --ignore "$(VENV)" --ignore "var" --ignore "tests"
	@# When it was made is no change of it.
	sed -i '/^"POT-Creation-Date/d' ats_project/locale/de/LC_MESSAGES/django.po
	DEBUG=1 $(BIN)/python manage.py compilemessages --locale de --ignore "$(VENV)"

lock: $(VENV)/.dev ## pin the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile --quiet --no-emit-index-url --no-emit-find-links --python-version 3.11 pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --no-emit-index-url --no-emit-find-links --python-version 3.11 --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

clean: ## remove what was installed and made (the database in var/ too)
	rm -rf $(VENV) var .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(PIP) install --quiet -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(PIP) install --quiet -r requirements-dev.txt
	@touch $@ $(VENV)/.run
