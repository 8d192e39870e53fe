# Playground's commands: `make help` lists them.
#
#   PYTHON   the interpreter that .venv is made with (default: python3)
#   ARGS     passed on to Streamlit by `make run`, to the benchmark by `make bench`

PYTHON ?= python3
ARGS ?=

VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)

# Each stamp keeps the text of the requirements it stands for: packages are installed again only when that changes.
RUN_STAMP := $(VENV)/installed-requirements.txt
TEST_STAMP := $(VENV)/installed-test-requirements.txt

NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))

ifneq ($(UV),)
CREATE_VENV := $(UV) venv --clear --seed --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
GET_UV := true
else
CREATE_VENV := $(PYTHON) -m venv --clear $(VENV)
GET_UV := $(VENV_PYTHON) -m pip install --quiet uv
endif

# uv takes a third of pip's time; where it is not to be had, or does not find what pip's own settings name, pip installs.
INSTALL = { $(GET_UV) && UV_SYSTEM_CERTS=1 $(or $(UV),$(VENV)/bin/uv) pip install --compile-bytecode \
            --python $(VENV_PYTHON) -r $(1) || $(VENV_PYTHON) -m pip install -r $(1); }

.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-short browser format clean venv packages test-packages

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo 'For example: make run ARGS="--server.port 8502 --server.headless true"'

run: packages ## Start the app; the first time this creates .venv and installs everything
	@exec $(VENV_PYTHON) -m streamlit run playground.py $(ARGS)

# Where bytecode may not be written, every process of the tests would compile half of torch for itself.
test: export PYTHONDONTWRITEBYTECODE =
test: ## Run every check and every test
	@$(MAKE) --no-print-directory --jobs 2 check browser bench-short
	$(VENV_PYTHON) -m pytest -m "not browser" --numprocesses 4
	$(VENV_PYTHON) -m pytest -m browser

check: test-packages ## Lint, formatting and types
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy

bench: test-packages ## Measure training speed, latency and memory
	$(VENV_PYTHON) -m tests.bench $(ARGS)

# Behind the browser's installation: it fills the core that the type check leaves.
bench-short: test-packages browser ## See that everything but screens can be measured; nothing is judged
	$(VENV_PYTHON) -m tests.bench --short --only tiny tutorials gan sequences many imports

browser: test-packages ## Find Chromium for the browser tests, or install it
	@$(VENV_PYTHON) -m tests.chromium

format: test-packages ## Put the code into its standard form
	$(VENV_PYTHON) -m ruff check --fix --exit-zero .
	$(VENV_PYTHON) -m ruff format .

clean: ## Remove caches and what tests left behind; .venv and your runs stay
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist htmlcov test-artifacts
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

venv:
	@if ! $(VENV_PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null; then \
	  $(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
	    echo 'Playground needs Python 3.11 or newer, and "$(PYTHON)" is' "$$($(PYTHON) --version 2>&1 | tail -n 1)." \
	         'Name another interpreter: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 1; }; \
	  $(CREATE_VENV) || { \
	    rm -rf $(VENV); \
	    echo 'Could not create $(VENV). On Debian and Ubuntu, "apt install python3-venv" helps, and so does uv.' >&2; \
	    exit 1; }; \
	fi
	@test -n '$(UV)' || $(VENV_PYTHON) -m pip --version >/dev/null 2>&1 || $(VENV_PYTHON) -m ensurepip

packages: venv
	@cmp -s requirements.txt $(RUN_STAMP) || { \
	  $(call INSTALL,requirements.txt) && \
	  cp requirements.txt $(RUN_STAMP); }

test-packages: venv
	@cat requirements.txt tests/requirements.txt | cmp -s - $(TEST_STAMP) || { \
	  $(call INSTALL,tests/requirements.txt) && \
	  cp requirements.txt $(RUN_STAMP) && \
	  cat requirements.txt tests/requirements.txt > $(TEST_STAMP); }
