# The verbs of the project. Each does its own set-up; nothing has to be installed first but python3, git and make.
#
#   make run  ARGS="--once"   set up and do the main job on this machine
#   make test                 every check: lint, types, imports, wheel, then the tests with real services
#   make lint                 everything in `make test` that runs no product code
#   make bench                the figures of docs/performance.md, measured here
#   make lock                 write requirements.lock again from pyproject.toml
#   make clean                remove what the verbs made; data in .caretaker stays

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
BOOTSTRAP := deploy/bootstrap
# Container images like to forbid Python to keep what it compiled; each of the hundreds of processes that the
# tests start would then compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test bench lint lock clean venv packages

help:
	@sed -n '2,8s/^#//p' Makefile

# Two stamps, because running needs a third of what testing needs.
.venv/.run-ready: pyproject.toml requirements.lock $(wildcard $(BOOTSTRAP)/*)
	@PYTHON=$(PYTHON) $(BOOTSTRAP)/venv.sh run

.venv/.dev-ready: pyproject.toml requirements.lock $(wildcard $(BOOTSTRAP)/*)
	@PYTHON=$(PYTHON) $(BOOTSTRAP)/venv.sh dev

venv: .venv/.dev-ready

run: .venv/.run-ready
	@$(BIN)/caretaker quickstart --data ./.caretaker $(ARGS)

# Three for two cores, because tests wait for browsers and servers; those of one file stay together, so a server a
# file starts is started once, and the longest files begin (tests/longest.py). The same commit gives the same answer:
# plain `pytest` shuffles and explores, this does not.
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadscope --no-loadscope-reorder --randomly-seed=1 \
	--hypothesis-profile=repeatable

test: .venv/.dev-ready packages
	@$(BOOTSTRAP)/lint.sh $(PYTEST) $(ARGS)
	@echo '== once more on PostgreSQL, the tests that use the database'
	@$(PYTEST) --postgres $(ARGS)

packages:
	@$(BOOTSTRAP)/packages.sh deploy/test-packages.txt

lint: .venv/.dev-ready
	@$(BOOTSTRAP)/lint.sh

bench: .venv/.dev-ready
	@$(BOOTSTRAP)/packages.sh deploy/bench-packages.txt
	@$(BIN)/python -m bench $(ARGS)

lock:
	@ARGS="$(ARGS)" PYTHON=$(PYTHON) $(BOOTSTRAP)/lock.sh

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
