.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Compiled code is kept: the tests start dozens of processes, and each would compile all of Quorum anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install demo test check suite stories gate-examples bench docs lock picture clean

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
# one worker, as its tests share what they set up; what takes longest begins first. The checks go on beside them: the
# first mypy of a fresh clone takes a minute on one core.
test: $(VENV)/.dev ## everything that must hold before a change lands
	@$(MAKE) --no-print-directory --jobs 2 --keep-going check suite

suite: $(VENV)/.dev
	@$(BIN)/python -m tests.support.suite -q -m 'not benchmark and not long' -n $$(( 2 * $$(nproc) )) --dist loadfile \
		--no-loadscope-reorder tests/system tests/gate tests/integration tests/contract tests/unit

stories: $(VENV)/.dev ## deployments and merge queues, told at length
	@$(BIN)/pytest -q -m long -n $$(( 2 * $$(nproc) )) --dist loadfile tests/system

gate-examples: $(VENV)/.dev ## attack the gate with 2,000 random histories
	@QUORUM_GATE_EXAMPLES=2000 QUORUM_EXPLORE=1 $(BIN)/pytest -q tests/gate/test_machine.py

bench: $(VENV)/.dev ## print benchmarks, as ratios
	@$(BIN)/pytest -q -s -m benchmark tests/benchmarks

docs: $(VENV)/.dev ## build the pages below docs/ into a site; a link that leads nowhere ends it
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@$(BIN)/python -m tests.support.commands_page > docs/commands.md
	@$(BIN)/quorum config schema > docs/quorum.schema.json
	@$(BIN)/quorum config settings > docs/settings.md
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build
	@echo "docs/_build/index.html"

lock: $(VENV)/.dev ## choose the versions that the image installs, with their digests
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(BIN)/uv pip compile --quiet --upgrade pyproject.toml --all-extras --only-binary :all: --python-version 3.12 \
		--python-platform linux --generate-hashes --no-header --no-annotate --output-file deploy/requirements.txt
	@echo 'hatchling==1.27.0' | $(BIN)/uv pip compile --quiet --upgrade - --only-binary :all: --python-version 3.12 \
		--python-platform linux --generate-hashes --no-header --no-annotate --output-file deploy/requirements-build.txt

picture: $(VENV)/.dev ## record docs/demo.svg from a real run of the demo
	@$(BIN)/python -m tests.support.picture docs/demo.svg

clean: ## remove what the targets above made
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .quorum
