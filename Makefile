# Two commands carry everybody: `make run` and `make test`. Variables: ARGS="…" is handed on to the program
# (or to pytest), PYTHON=/path/to/python3.12 chooses the interpreter that .venv is made with.

.NOTPARALLEL:
.PHONY: help run test check screenshots packages environment lock hooks
.DEFAULT_GOAL := help

PREPARE := ./scripts/with-python scripts/environment.py

help:
	@echo 'make run          start everything on this machine (ARGS="--quiet": no simulated presses)'
	@echo 'make test         all checks and all tests (ARGS="tests/unit": only those tests)'
	@echo 'make environment  what developing needs, without running the tests'
	@echo 'make check        lint, format, types and import floors; no tests'
	@echo 'make screenshots  take the pictures of docs/images again'
	@echo 'make lock         write the lock files again from pyproject.toml'
	@echo 'make hooks        run the checks before each commit'

# Tests wait more than they compute (brokers, databases and browsers start and die): more workers than cores.
WORKERS ?= 3

# Every step is an exec, so that the program is the direct child of make: Ctrl-C and SIGTERM reach it, make waits
# for its orderly end, and no shell is left in between.
run:
	@exec $(PREPARE) requirements.txt -- xiangyin up $(ARGS)

# Programs that tests start share what is compiled, whatever the environment says: it is a seventh of each start.
test: environment packages check
	@exec env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m pytest -n $(WORKERS) $(ARGS)

check: environment
	@exec ./scripts/check

screenshots: environment packages
	@exec .venv/bin/python -m tests.browser.screenshots $(ARGS)

packages:
	@exec ./scripts/with-python scripts/debian_packages.py

environment:
	@exec $(PREPARE) requirements-dev.txt

lock: environment
	@exec ./scripts/lock $(ARGS)

hooks: environment
	@exec .venv/bin/pre-commit install
