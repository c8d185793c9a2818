# make demo | test | quick | check | format | docs | notebooks | clean
# Everything runs in the project's own .venv, which is made once and again when pyproject.toml changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: demo test quick check docs lint types format notebooks clean

demo: $(INSTALLED)
	$(BIN)/vgg-transfer sample data/sample
	$(BIN)/vgg-transfer train data/sample --size 96 --out "runs/demo-$$(date +%Y%m%d-%H%M%S)"

# Two processes: a test waits for TensorFlow's single-threaded parts most of its time. A file stays
# with one of them, so that nothing is made twice, and no process waits for the other's cluster.
test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# Without what takes seconds: for every change.
quick: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
	  -m "not slow and not browser and not network and not gpu"

check: lint types test

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(INSTALLED): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
	  { echo "vgg-transfer needs Python 3.11 to 3.13; choose one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[offline,fast,dev]'
	touch $@

# Runs the notebooks and keeps what they show.
notebooks: $(INSTALLED)
	$(BIN)/python notebooks/execute.py notebooks/*.ipynb

# The API reference; a warning is an error.
docs: $(INSTALLED)
	rm -rf build/docs/api
	$(BIN)/python docs/api.py build/docs/api

clean:
	rm -rf .mypy_cache .pytest_cache .ruff_cache build *.egg-info
