# Flowloom: 'make help' lists what can be done here.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench soak

PY := .venv/bin/python
PYTEST_FLAGS ?=
ONLY ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

# A .venv whose Python no longer starts, or that was made for another folder, is made anew.
ifneq ($(shell $(PY) -c 'print(open(".venv/folder").read())' 2>/dev/null),$(CURDIR))
$(shell rm -f .venv/folder .venv/local .venv/dev)
endif

help: ## list the tasks
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

demo: .venv/local ## set everything up and watch a real flow run on a real model on this computer, in the studio where there is a screen
	@.venv/bin/flowloom models download
	@.venv/bin/flowloom demo build/demo --window --picture build/demo.png

test: .venv/dev ## run all tests; long random ones by a sample, whose seed is printed (FLOWLOOM_SEED repeats it)
	@.venv/bin/flowloom models download
	@$(PY) -m pytest $(PYTEST_FLAGS)

lint: .venv/dev ## check style, types and the house rules
	@$(PY) -m pytest $(PYTEST_FLAGS) tests/test_house.py tests/test_lint.py

bench: .venv/dev ## measure, beside others' programs, and write build/bench.json; ONLY=area measures one area
	@$(PY) -m tests.bench $(ONLY)

soak: .venv/dev ## run all tests with all random examples; takes hours
	@.venv/bin/flowloom models download
	@FLOWLOOM_SOAK=1 $(PY) -m pytest $(PYTEST_FLAGS)

.venv/folder:
	@python="$$(.ci/find-python)"; \
	echo "Making .venv with $$($$python --version) ..."; \
	$$python -m venv --clear .venv || { echo "A virtual environment cannot be made. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; }; \
	printf %s '$(CURDIR)' > $@

.venv/local: .venv/folder pyproject.toml constraints.txt
	@echo "Installing Flowloom, what runs the model and the studio (once, about a minute) ..."
	@$(PY) -m pip install --quiet --constraint constraints.txt --editable '.[local,studio]'
	@.ci/check-runtime
	@touch $@

.venv/dev: .venv/folder pyproject.toml constraints.txt
	@echo "Installing Flowloom and what tests it (once, about a minute) ..."
	@$(PY) -m pip install --quiet --constraint constraints.txt --editable '.[local,studio,dev]'
	@.ci/check-runtime
	@touch .venv/local $@
