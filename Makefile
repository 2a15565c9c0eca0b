# demo, test and lab do all their own set-up; a second run starts at once.
#
#   make demo    build lab 1, make a class of 40, grade it, show where the results lie
#   make lab     build the labs and open them in JupyterLab
#   make test    everything that has to hold before a change lands

PYTHON ?= python3
LABS ?= handgrad-labs

VENV := .venv
BIN := $(VENV)/bin
PACKAGES := $(VENV)/.packages
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Python is started hundreds of times: what it compiled once is kept, whatever the shell says
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo lab test build clean
.DEFAULT_GOAL := demo

demo: $(PACKAGES) $(VENV)/.has-bubblewrap
	handgrad build --without-laws lab01_perceptron
	handgrad demo

lab: $(PACKAGES)
	handgrad build --without-laws
	handgrad start $(LABS) --open

test: $(PACKAGES) $(VENV)/.has-bubblewrap $(VENV)/.has-chromium $(VENV)/.has-node $(VENV)/.has-postgres
	ruff check .
	mypy
	mypy --platform win32 --cache-dir .mypy_cache/windows course_utils  # what a student imports
	handgrad build --check
	python scripts/coverage.py --check
	python scripts/options.py --check
	python scripts/course.py --check
	pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder
	pytest --numprocesses=auto --dist=loadfile --no-loadscope-reorder -m "(kernel or browser or stress) and not gpu"

build: $(PACKAGES)
	handgrad build

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(PACKAGES): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Handgrad needs Python 3.11 or newer: make PYTHON=python3.12 names another one.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Python packages into $(VENV); the first time takes minutes."
	@python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[all,test]'
	@touch $@

# From the system's package manager: what no Python package brings.
$(VENV)/.has-bubblewrap: scripts/need | $(PACKAGES)
	@scripts/need bubblewrap bwrap
	@touch $@

$(VENV)/.has-chromium: scripts/need | $(PACKAGES)
	@scripts/need chromium chromium chromium-browser google-chrome
	@touch $@

$(VENV)/.has-node: scripts/need | $(PACKAGES)
	@scripts/need nodejs node
	@touch $@

$(VENV)/.has-postgres: scripts/need | $(PACKAGES)
	@scripts/need postgresql postgres pg_ctlcluster
	@touch $@
