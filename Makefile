# Every target sets up what it needs by itself; `make help` lists them.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
LOCK_FORM := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help setup demo test bench train labelled lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready  ## create .venv with the locked dependencies (done once)

# The lock is complete, so nothing is resolved anew (--no-deps): pip would take the newest of a package that is also
# wanted with an extra, and refuse it for want of a hash. uv installs the same lock faster where it is there; plain
# venv and pip must do.
INSTALL_LOCKED = if command -v uv >/dev/null; then \
	  uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r $(1) \
	  && uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r $(1) \
	  && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Dateline needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV) ..." >&2
	@$(call INSTALL_LOCKED,requirements.lock)
	@touch $@

# What only measuring and training need: a lock of its own, with the same versions of all that is in the other.
$(VENV)/.bench: requirements-bench.lock $(VENV)/.ready
	@echo "Installing what measuring and training need into $(VENV) ..." >&2
	@$(call INSTALL_LOCKED,requirements-bench.lock)
	@touch $@

demo: setup  ## fetch the frozen demo web twice and query the result
	@$(BIN)/python -m tests.demo

test: setup  ## run the whole test suite
	@$(BIN)/python -m pytest -q -n auto --dist loadfile

bench: labelled $(VENV)/.bench  ## measure the extractor on labelled sets: make bench DATA=folder [OPTIONS=...]
	@$(BIN)/python -m tests.bench.bench_extractor "$(DATA)" $(OPTIONS)

train: labelled $(VENV)/.bench  ## train the extractor's model anew: make train DATA=folder [OPTIONS=--only-judge]
	@$(BIN)/python -m tests.bench.train_extractor "$(DATA)" $(OPTIONS)

labelled:
	@test -d "$(DATA)" \
	  || { echo "DATA names no folder; give that of the labelled sets: make bench DATA=folder" >&2; exit 2; }

lock:  ## resolve the dependencies anew into both locks (needs uv)
	uv pip compile pyproject.toml --group dev $(LOCK_FORM) --upgrade -o requirements.lock
	uv pip compile pyproject.toml --group dev --group bench $(LOCK_FORM) --upgrade -c requirements.lock \
	  -o requirements-bench.lock

clean:  ## remove the environment and what the demo made
	rm -rf $(VENV) data/demo dist build
