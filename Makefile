# make ask Q="..."   a cited answer, installing and indexing first where needed
# make test          every test but the slow ones
# make lint          style and types
# make clean         remove what these commands made here; indexes are kept

VENV ?= .venv
PYTHON ?= python3
# The question as typed, whatever it holds: make is not to read its $ signs, nor the shell its quotes.
override Q := $(value Q)
export Q

INSTALL = $(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable

.PHONY: help ask test lint lint-rules lint-format lint-types clean

help:
	@sed -n 's/^# make/make/p' Makefile

ask: $(VENV)/.installed
	@test -n "$$Q" || { echo 'Ask something: make ask Q="What is the starting dose of methotrexate?"' >&2; exit 2; }
	@$(VENV)/bin/sequitur index build
	@$(VENV)/bin/sequitur ask -- "$$Q"

test: $(VENV)/.installed-test
	$(VENV)/bin/python -m pytest --numprocesses 2

lint: lint-rules lint-format lint-types

lint-rules: $(VENV)/.installed-test
	$(VENV)/bin/ruff check

lint-format: $(VENV)/.installed-test
	$(VENV)/bin/ruff format --check

lint-types: $(VENV)/.installed-test
	$(VENV)/bin/mypy

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find corpus indexer assistant api tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV); the first time this takes some minutes."
	@$(INSTALL) .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV), with what the tests need; the first time this takes some minutes."
	@$(INSTALL) '.[test]'
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is: $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Install one and name it: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
