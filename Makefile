# Two commands do all: `make run` and `make test`. The rest is for people who change the program.
# Without make (Windows): see README.md.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8501
PYTEST_ARGS ?=
UV := 0.13.9

export STREAMLIT_BROWSER_GATHER_USAGE_STATS = false
# Compiled once at installation: otherwise the first start does it, and every start where Python may not write beside its modules.
export UV_COMPILE_BYTECODE = 1

.PHONY: run build serve test lint bench study check-office lock clean
.DEFAULT_GOAL := run

run: build serve

# Built again only when what it is made from changed; `python -m etl build` forces it.
build: $(VENV)/.run data/current.json

data/current.json: $(VENV)/.run $(wildcard data/catalog/*.yaml data/figures/*.csv etl/*.py etl/*.sql etl/readers/*.py catalog/*.py)
	$(PY) -m etl build
	@touch $@

serve: $(VENV)/.run
	@case "$(HOST)" in 127.*|localhost|::1) ;; *) \
		echo "Warning: HOST=$(HOST) lets other machines on the network open this dashboard. It has no passwords." >&2;; esac
	@echo "Serving http://$(HOST):$(PORT) (Ctrl+C stops it)"
	@exec $(PY) -m atlas serve --host $(HOST) --port $(PORT)

# The quick tests first, then the browser's, each on two cores. PYTEST_ARGS= runs what it names.
test: $(VENV)/.dev data/current.json
	$(PY) tests/browser/prepare.py
ifeq ($(strip $(PYTEST_ARGS)),)
	$(PY) -m pytest -n 2 --dist worksteal -m "not browser"
	$(PY) -m pytest -n 2 --dist loadfile -m browser
else
	$(PY) -m pytest $(PYTEST_ARGS)
endif

lint: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

# ONLY=name runs one benchmark; RAW= names the folder with published files.
bench: $(VENV)/.dev data/current.json
	$(PY) -m bench $(if $(ONLY),--only $(ONLY))

# The simulations behind docs/studies.md: some minutes each.
study: $(VENV)/.dev
	$(PY) -m study.robustness
	$(PY) -m study.false_discoveries

# Decks as LibreOffice opens them, as pages to look at (PAGES= names a folder). Needs Debian's libreoffice-impress, poppler-utils, fonts-noto-cjk.
check-office: $(VENV)/.dev data/current.json
	$(PY) -m tests.office.check $(PAGES)

lock: $(VENV)/.dev
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header requirements-dev.in -o requirements-dev.txt
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -c requirements-dev.txt requirements.in -o requirements.txt

$(VENV)/.uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed (with python3-venv). Install it and run make again." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install -q --disable-pip-version-check uv==$(UV)
	@touch $@

$(VENV)/.run: $(VENV)/.uv requirements.txt
	$(VENV)/bin/uv pip install -q --python $(PY) -r requirements.txt
	@$(PY) -m compileall -q atlas catalog etl pages dashboard.py
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(VENV)/bin/uv pip install -q --python $(PY) -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) data/*.duckdb data/current.json bench.json
