# The two commands of the README are `make demo` and `make test`; each sets up what it needs on a fresh machine.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
JOBS   ?= 2

.PHONY: demo test check golden bench docs pictures setup clean

demo: $(VENV)/.installed  ## ingest the sample series, build the sample editions
	@$(BIN)/briefings ingest
	@$(BIN)/briefings build

test: $(VENV)/.installed-dev  ## the tests, without the slow ones
	$(BIN)/pytest -n $(JOBS) -m 'not slow'

check: $(VENV)/.installed-dev  ## everything that must hold: style, types, the import contract, all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test
	$(BIN)/pytest -n $(JOBS) -m slow

golden: $(VENV)/.installed-dev  ## write the golden editions anew, to be read in the diff
	BRIEFINGS_GOLDEN=write $(BIN)/pytest tests/test_golden.py tests/test_pictures.py

bench: $(VENV)/.installed-dev  ## measure: CPU seconds and peak memory
	$(BIN)/python benchmarks/run.py

docs: $(VENV)/.installed-dev  ## write the JSON Schemas and the generated parts of the manual anew
	$(BIN)/briefings --quiet schema --to config/schemas
	$(BIN)/python docs/generate.py

pictures: $(VENV)/.installed-dev  ## pages of the sample editions as pictures, in build/pictures; the README's and the contact sheets in docs/pictures
	$(BIN)/python docs/pictures.py build/pictures

setup: $(VENV)/.installed-dev

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade -c constraints.txt pip

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo 'Installing ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@.ci/system-libraries $(BIN)/python
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/.installed
	@echo 'Installing what the tests need ...'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:  ## forget what was made at run time
	rm -rf data/snapshots data/observations data/rejects data/editions data/shelf data/feeds build
