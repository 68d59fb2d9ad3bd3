# Every target makes the environment first; nothing outside this folder is changed.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ARGS   ?=

.PHONY: demo test test-api test-browser faults switches soak bench compiled check format lint types contracts lock clean

demo: $(READY)
	@$(BIN)/cordboard demo $(ARGS)

test: $(READY)
	$(BIN)/pytest -n 2 $(ARGS)

test-api: $(READY)
	$(BIN)/pytest -m "slow or not slow" tests/cordboard/api $(ARGS)

test-browser: $(READY)
	$(BIN)/pytest -m browser -n 0 $(ARGS)

faults: $(READY)
	$(BIN)/pytest -m slow tests/faults $(ARGS)

# Every scenario under each open question of the carrier answered the other way, alone.
switches: $(READY)
	$(BIN)/pytest -m "slow or not slow" tests/webhooks $(ARGS)

soak: $(READY)
	$(BIN)/pytest -m slow tests/properties $(ARGS)

bench: $(READY)
	$(BIN)/pytest -m bench tests/benchmarks $(ARGS)

# Optional: centre and twin as C, in a folder of its own; needs a C compiler (docs/performance.md).
compiled: $(READY)
	$(BIN)/python -m tools.compiled .compiled

check: lint types contracts test

format: $(READY)
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lint: $(READY)
	$(BIN)/ruff format --check . && $(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

# Hashes without addresses: any index that serves the same files will do.
lock: $(READY)
	uv pip compile pyproject.toml --extra dev --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock

$(READY): requirements.lock pyproject.toml
	@echo "Preparing $(VENV) (about a minute the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf $(VENV) .compiled .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
