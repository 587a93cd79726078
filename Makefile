# One command per wish; `make` prints them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
NUMBER ?=
# Many tests wait for calls, browsers and processes: three at a time keep two cores busy.
PYTEST ?= -n 3 --dist loadfile

.DEFAULT_GOAL := help

help:  ## Print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Ringback needs Python 3.11 or newer; name one with make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "[1/3] Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements.txt
	@echo "[2/3] Installing what runs (about 400 MB with the speech models, once)"
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "[3/3] Installing what tests and measures"
	@$(BIN)/python -m pip install --disable-pip-version-check -r requirements-dev.txt
	@touch $@

editor: $(VENV)/.run  ## Build the flow editor; brings its own Node.js where there is none
	@$(BIN)/python -m flows.editor

demo: $(VENV)/.run  ## Start the demo organisation; ONCE=1 stops after the scripted call
	@$(BIN)/python -m flows.editor --or-go-on
	@$(BIN)/python -m demo $(if $(ONCE),--once)

call: $(VENV)/.run  ## Telephone the demo (NUMBER=+86…, ARGS='--press 1 --say "…" --script FILE')
	@$(BIN)/python -m demo.call $(NUMBER) $(ARGS)

test: check browser editor  ## Set up, check and run every test
	@$(BIN)/python -m pytest $(PYTEST)

browser: $(VENV)/.dev
	@$(BIN)/python -m tests.find_browser --install

check: $(VENV)/.dev  ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy .
	@$(BIN)/lint-imports
	@$(BIN)/python -m flows.editor --check

format: $(VENV)/.dev  ## Put the code into its format
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## Measure speed and write bench/results.md
	@$(BIN)/python -m bench

bench-speech: $(VENV)/.dev  ## Measure recognisers, live calls and streams; writes bench/results_speech.md
	@nice -n 5 $(BIN)/python -m bench.speech $(ARGS)

soak: $(VENV)/.dev  ## Kill everything again and again while campaigns run; the carrier counts (MINUTES=10)
	@$(BIN)/python -m soak $(if $(MINUTES),--minutes $(MINUTES))

docs: $(VENV)/.dev  ## Write the generated reference pages
	@$(BIN)/python -m docs.generate

lock: $(VENV)/.dev  ## Compile requirements*.in into pinned requirements*.txt
	@$(BIN)/python -m pip install -q uv
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes -q requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes -q requirements-dev.in -o requirements-dev.txt
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes -q requirements-editor.in -o requirements-editor.txt

clean:  ## Remove the virtual environment and everything the demo made
	@rm -rf $(VENV) var flows/editor/dist flows/editor/node_modules .mypy_cache .ruff_cache .pytest_cache

.PHONY: help editor demo call test browser check format bench soak docs lock clean
