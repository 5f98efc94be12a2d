.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Compiled code is kept: the tests start dozens of processes, and each would compile all of Quorum anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo test check stories gate-examples bench picture clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-13s %s\n", $$1, $$2}'

$(VENV)/.app: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Quorum needs Python 3.11 or newer; this is " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV)
	@echo "installing Quorum into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.app
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@

install: $(VENV)/.app ## install the quorum command into .venv

demo: $(VENV)/.app ## play the whole life of an issue, here, with no account
	@$(BIN)/quorum demo

check: $(VENV)/.dev ## format, lint, types, rooms
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Two workers a core, as the stories of whole processes also wait, and each worker collects everything; a file stays on
# one worker, as its tests share what they set up; what takes longest begins first.
test: check ## everything that must hold before a change lands
	@$(BIN)/pytest -q -m 'not benchmark and not long' -n $$(( 2 * $$(nproc) )) --dist loadfile --no-loadscope-reorder \
		tests/system tests/gate tests/integration tests/contract tests/unit

stories: $(VENV)/.dev ## deployments and merge queues, told at length
	@$(BIN)/pytest -q -m long -n $$(( 2 * $$(nproc) )) --dist loadfile tests/system

gate-examples: $(VENV)/.dev ## attack the gate with 2,000 random histories
	@QUORUM_GATE_EXAMPLES=2000 QUORUM_EXPLORE=1 $(BIN)/pytest -q tests/gate/test_machine.py

bench: $(VENV)/.dev ## print benchmarks, as ratios
	@$(BIN)/pytest -q -s -m benchmark tests/benchmarks

picture: $(VENV)/.dev ## record docs/demo.svg from a real run of the demo
	@$(BIN)/python -m tests.support.picture docs/demo.svg

clean: ## remove what the targets above made
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .quorum
