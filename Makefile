# Every target does its own set-up: python3.11, pip, make and git are enough.
PYTHON ?= python3.11
UV_VERSION := 0.13.9
UV := .tools/uv-$(UV_VERSION)/bin/uv
RUN := $(UV) run --frozen --no-sync
SYNCED := .venv/.synced

export PYTHONPATH :=
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: run install test chromium postgresql screens check format messages bench chaos explore lock clean
.DEFAULT_GOAL := run

$(UV):
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
		--target .tools/uv-$(UV_VERSION) uv==$(UV_VERSION)

$(SYNCED): pyproject.toml uv.lock | $(UV)
	$(UV) sync --quiet --frozen --python $(PYTHON)
	@touch $@

run: $(SYNCED)  ## with a token in .env: the bot; without one: the whole job in a browser and in this terminal
	@$(RUN) digestbot run

install: export UV_COMPILE_BYTECODE := 1
install: | $(UV)  ## what the bot needs to run, and nothing to develop it
	@rm -f $(SYNCED)
	$(UV) sync --quiet --frozen --no-default-groups --all-extras --python $(PYTHON)

test: $(SYNCED) chromium postgresql  ## needs Debian's chromium and postgresql, and sets them up where it runs as root
	$(RUN) pytest -q -n 3 --dist loadfile --no-loadscope-reorder

chromium:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium fonts-noto-cjk fonts-noto-color-emoji >/dev/null; } || \
		{ echo "make test needs chromium: apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji"; exit 1; }

postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } || \
		{ echo "make test needs PostgreSQL: apt-get install postgresql"; exit 1; }

screens: $(SYNCED) chromium  ## the pictures of the README, taken anew
	$(RUN) pytest -q tests/browser
	mkdir -p docs/screens
	cp build/screens/*.png docs/screens/

check: $(SYNCED)
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) vulture

format: $(SYNCED)
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

TEMPLATES := templates
SENTENCES := .tools/digestbot.pot

messages: $(SYNCED)  ## the catalogues, after a change of what the bot says; fill in what is new, and once more
	@mkdir -p .tools
	$(RUN) pybabel --quiet extract --mapping templates/babel.cfg --no-location --sort-output --no-wrap \
		--output-file $(SENTENCES) $(TEMPLATES)
	$(RUN) pybabel --quiet update --domain digestbot --input-file $(SENTENCES) --output-dir $(TEMPLATES)/locale \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	$(RUN) pybabel --quiet compile --domain digestbot --directory $(TEMPLATES)/locale

bench: $(SYNCED)
	$(RUN) python -m benchmarks

ROUNDS ?= 200

chaos: $(SYNCED)  ## broadcasts killed, stopped, corrected and spoilt on the way; ROUNDS=20 for fewer
	$(RUN) python -m tests.acceptance.chaos --rounds $(ROUNDS)

explore: $(SYNCED)  ## the property tests with examples of other seeds; ROUNDS=2 for fewer
	for round in $$(seq $(ROUNDS)); do $(RUN) pytest -q -n 2 -m hypothesis --hypothesis-profile explore || exit 1; done

lock: | $(UV)
	$(UV) lock

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
