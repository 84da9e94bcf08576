# Every target sets up what it needs by itself; `make help` lists them.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

.PHONY: help setup demo test lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(VENV)/.ready  ## create .venv with the locked dependencies (done once)

# The lock is complete, so nothing is resolved anew (--no-deps): pip would take the newest of a package that is also
# wanted with an extra, and refuse it for want of a hash. uv installs the same lock faster where it is there; plain
# venv and pip must do.
$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Dateline needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked dependencies into $(VENV) ..." >&2
	@if command -v uv >/dev/null; then \
	  uv pip install -q --python $(BIN)/python --no-deps --require-hashes -r requirements.lock \
	  && uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock \
	  && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@touch $@

demo: setup  ## fetch the frozen demo web twice and query the result
	@$(BIN)/python -m tests.demo

test: setup  ## run the whole test suite
	@$(BIN)/python -m pytest -q

lock:  ## resolve the dependencies anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade -o requirements.lock

clean:  ## remove the environment and what the demo made
	rm -rf $(VENV) data/demo dist build
