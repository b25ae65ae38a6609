# Two commands need nothing but Python 3.11 and this checkout: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STORY  := fixtures/emails/story
TODAY  := 2026-11-23

.DEFAULT_GOAL := help
.PHONY: help demo test unit lint format messages pictures bench fuzz clean

help:            ## say what there is to make
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/run: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/test: $(VENV)/run
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt pip
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt --group test
	@touch $@

demo: $(VENV)/run ## read the story in fixtures/emails/ and show its digest
	@rm -rf .demo
	@# One mail of the story cannot be read, on purpose: exit code 1 says so.
	@$(BIN)/parcel-digest run --config fixtures/demo.toml --mailbox $(STORY) --state .demo --today $(TODAY) \
	  --trust mx.example.org || test $$? -eq 1
	@echo; echo "The same digest as a page: $(CURDIR)/.demo/digests/digest-$(TODAY).html"

test: lint $(VENV)/test ## check style, types and imports, and run every test (starts a real Dovecot)
	@sh tests/install-servers
	@sh tests/page/install
	@$(BIN)/python -m pytest -n auto

unit: $(VENV)/test ## run the tests that need no server
	@$(BIN)/python -m pytest -m "not server and not browser"

lint: $(VENV)/test ## check style, types and the direction of imports
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo

format: $(VENV)/test ## put every file into the house's form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet .

messages: $(VENV)/run ## find what is to be translated, and bring the catalogues up to date
	@$(BIN)/python -m pipeline.speech.extract

pictures: $(VENV)/test ## draw the pictures of the README anew, from the story of the demo
	@sh tests/install-servers
	@PYTHONPATH=tests:tests/page $(BIN)/python -m pictures

bench: $(VENV)/test ## measure accuracy and speed, as ratios in one run; MAILS=DIR reads a folder with an index.tsv, too
	@PYTHONPATH=tests $(BIN)/python -m bench $(MAILS)

fuzz: $(VENV)/test ## search for bytes that break a promise: SECONDS_EACH=60 for each target
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt --group fuzz
	@PYTHONPATH=tests $(BIN)/python -m fuzz --seconds $(or $(SECONDS_EACH),60) $(TARGETS)

clean: ## remove what the commands above made
	rm -rf $(VENV) .demo dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz tests/page/node_modules
