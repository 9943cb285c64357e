# `make demo` and `make test` are all that a newcomer needs; both set themselves up.
SHELL := /bin/bash
VENV := .venv/bin

.PHONY: help setup demo test test-all check bench chaos docs format clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

setup:  ## Debian packages, .venv, the sandbox's helper
	@scripts/setup.sh

demo: setup  ## a contest over the bundled tasks, start to scoreboard
	@scripts/demo.sh

test: setup  ## every test that fits in ten minutes
	@scripts/test.sh

test-all: setup  ## the slow ones as well
	@scripts/test.sh --all

check: setup  ## ruff, mypy strict, import-linter
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/mypy benchmarks/*.py
	$(VENV)/lint-imports

chaos: setup  ## 200 faults around the sandbox, 100 in contests: does it hang, lie, leak, lose?
	$(VENV)/solver sandbox check faults
	$(VENV)/solver runs chaos

format: setup  ## let ruff rewrite
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

docs: setup  ## the documentation, built into build/site
	$(VENV)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(VENV)/mkdocs build --quiet
	@echo "build/site/index.html (to read while you write: $(VENV)/mkdocs serve)"

bench: setup  ## every benchmark; each prints JSON
	@scripts/bench.sh

clean:  ## remove what setup made in this checkout
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache
