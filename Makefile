# Each command does its own set-up: the system's libraries when they are missing and it may install
# them, a virtual environment with the locked dependencies, byte-compilation. The second time is quick.
# To run needs requirements.lock alone; to check, requirements-dev.lock, which is that and the tools.

PYTHON ?= python3
VENV ?= .venv
OUT ?= out
ONLY ?=
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
READY := $(VENV)/ready

# What Qt's wheels expect of Debian, offscreen, under X11 and under Wayland.
WINDOW_LIBRARIES := libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0t64 libwayland-cursor0 \
	libwayland-egl1 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0
# A real Secret Service for the tests.
TEST_PROGRAMS := dbus-daemon gnome-keyring

.PHONY: run test check bench soak lock clean libraries test-programs

## Plays a whole meeting; leaves its papers and screenshots in OUT, then opens the window.
run: libraries $(INSTALLED)
	@$(BIN)/python -m compileall -q app ui
	$(BIN)/python -m app demo --out $(OUT)

## Format, lint, types and the directions of the architecture, in seconds.
check: libraries $(READY)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/pytest tests/test_architecture.py

## Everything that must hold, on real parts; warnings are errors. Three at a time: some tests wait.
test: check test-programs
	@$(BIN)/python -m compileall -q app ui tests
	tests/keyring-session $(BIN)/pytest -n 3 --dist loadfile

## The measures, beside what they must not exceed; ONLY="first_sync crowd" for some of them.
bench: libraries $(READY)
	@$(BIN)/python -m compileall -q app ui tests
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks $(ONLY)

## The properties and the faults again, with a hundred times as many cases: 10,000 kills, flips of each
## kind and cuts of the power, and every call to the disk failed in its turn.
soak: test-programs $(READY)
	SOAK_KILLS=5000 SOAK_FLIPS=10000 SOAK_CUTS=2500 SOAK_FAULTS=100000 SOAK_REPAIRS=200 \
	tests/keyring-session \
		$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=soak tests/properties tests/faults \
		tests/app/central/test_openapi.py

## The locked dependencies again from pyproject.toml, one resolution for both; needs uv.
EXPORT := uv export --format requirements-txt --no-header --no-annotate --no-emit-project --quiet
lock:
	$(EXPORT) --extra central --extra install -o requirements.lock
	$(EXPORT) --all-extras -o requirements-dev.lock

clean:
	rm -rf $(VENV) $(OUT) build dist .mypy_cache .ruff_cache .hypothesis

libraries:
	@tools/system-packages $(WINDOW_LIBRARIES)

test-programs: libraries
	@tools/system-packages $(TEST_PROGRAMS)

# The template that PySide6 ships as a .py file is no Python.
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '\.tmpl\.py$$' $(VENV)/lib
PIP := $(BIN)/pip install --quiet --no-compile

$(INSTALLED): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	$(COMPILE)
	@touch $@

$(READY): $(INSTALLED) requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	$(COMPILE)
	@touch $@
