# `make run` builds the graph and serves it; `make test` passes the tests. Nothing else is needed.
PYTHON ?= python3
VENV ?= .venv
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= data
BIN := $(VENV)/bin

# Of these hatch_build.py makes server/assets/built/ when the package is installed.
FRONT_END := hatch_build.py $(addprefix server/assets/,package.json package-lock.json build.mjs \
  style.css) $(shell find server/assets/src -type f)
BUILT := server/assets/built
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
SAY_IF_NOT_BUILT := @test -e $(BUILT)/manifest.json || \
  echo "The pages have no scripts: npm's registry could not be reached. Later: make assets"

.DEFAULT_GOAL := help
.PHONY: help run test check build assets schema lint wheel bench lock clean

help: ## say what the targets do
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10
	@echo "Variables: PORT=8000 HOST=127.0.0.1 DATA=data PYTHON=python3"

$(VENV)/.python: 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "policykg needs Python 3.11 or later; $(PYTHON) is older. Say: make run PYTHON=python3.12"; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt $(FRONT_END)
	@echo "Installing policykg and its pinned dependencies (once; about a minute)"
	@$(INSTALL) -e .
	$(SAY_IF_NOT_BUILT)
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "Installing what the tests need (once)"
	@$(INSTALL) -e '.[test]'
	@touch $@

run: $(VENV)/.run ## build the graph if it is not there yet, and serve it
	@exec $(BIN)/policykg serve --host $(HOST) --port $(PORT) --data $(DATA)

build: $(VENV)/.run ## check the sources and build the graph
	@$(BIN)/policykg build --data $(DATA)

check: $(VENV)/.run ## check the sources without building
	@$(BIN)/policykg check

assets: $(VENV)/.python ## bundle the style sheets and scripts of the pages if they changed
	@$(INSTALL) --no-deps -e .
	$(SAY_IF_NOT_BUILT)

schema: $(VENV)/.run ## draw docs/schema.svg from the ontology
	@$(BIN)/python -m kg.build.schema_svg docs/schema.svg

lint: $(VENV)/.test ## ruff and mypy
	@echo "ruff check"; $(BIN)/ruff check .
	@echo "ruff format --check"; $(BIN)/ruff format --check .
	@echo "mypy --strict"; $(BIN)/mypy

test: lint ## lint, types and all tests
	@echo "pytest"; $(BIN)/pytest $(PYTEST_ARGS)

wheel: $(VENV)/.test ## build the wheel into dist/
	@$(BIN)/python -m build --wheel --outdir dist .

bench: $(VENV)/.test ## measure start and build
	@$(BIN)/python bench/start.py

lock: $(VENV)/.test ## pin what is installed now into constraints.txt
	@$(BIN)/python -m pip freeze --exclude-editable | LC_ALL=C sort -f > constraints.txt

clean: ## remove the virtual environment, caches and the local data folder
	rm -rf $(VENV) $(BUILT) data dist build *.egg-info .mypy_cache .pytest_cache .ruff_cache
