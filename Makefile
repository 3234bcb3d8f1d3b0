# GW2Optimizer. `make run` serves the site, `make test` runs the tests; both do all set-up themselves.
.DEFAULT_GOAL := help
.PHONY: help run setup test test-sqlite test-postgres test-faults lint format check schema admin lock bench bench-gear bench-improve bench-teams bench-effects bench-ai

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT
# Some shells set it. Each of the many processes here would compile all packages anew, which takes it ten seconds.
unexport PYTHONDONTWRITEBYTECODE

PYTHON := .venv/bin/python
MANAGE := $(PYTHON) manage.py
PYTEST := $(PYTHON) -m pytest
# Options for pytest, for example: make test ARGS="-k chatlink"
ARGS ?=

help:
	@echo "make run            serve the site on http://$(HOST):$(PORT) (PORT=8001 for another port)"
	@echo "make run-ai         the same with a small language model, for trying out"
	@echo "make test           run all tests, on SQLite and on PostgreSQL"
	@echo "make test-long      run those that take long, too"
	@echo "make setup          only prepare: packages, database, static files, game data"
	@echo "make admin          make the first admin account"
	@echo "make lint           style;  make format mends it"
	@echo "make check          style, types, deployment settings, migrations, API schema"
	@echo "make schema         write docs/openapi.yaml anew"
	@echo "make bench          measure the lists with 100,000 builds"
	@echo "make bench-gear     measure the gear optimiser"
	@echo "make bench-improve  measure the search over whole builds"
	@echo "make bench-effects  measure how often boons of a role are known"
	@echo "make bench-teams    measure coverage and score of 50 players, and teams of a roster"
	@echo "make bench-ai       measure pages while 100 runs of agents are queued"
	@echo "make lock           pin the newest packages (needs uv)"

run:
	@.ci/setup runtime
	@exec $(MANAGE) serve --set-up

.PHONY: run-ai
# The model has 135 million parameters and 130 MB: enough to see how the site works with one, too small to be clever.
MODEL_PORT ?= 11435
run-ai:
	@.ci/setup runtime
	@CI=true .ci/setup model
	@OLLAMA_URL=http://127.0.0.1:$(MODEL_PORT) OLLAMA_MODEL=smollm2:135m OLLAMA_NUM_CTX=4096 \
	exec $(MANAGE) serve --set-up --beside "$(PYTHON) -m tests.ollama_server --port $(MODEL_PORT)"

setup:
	@.ci/setup runtime
	@$(MANAGE) setup_site

test: test-sqlite test-postgres

.PHONY: test-setup
# The optimiser is compiled before the tests start, so that none of them waits for it.
test-setup:
	@.ci/setup dev
	@.ci/setup model
	@mkdir -p var
	@NUMBA_CACHE_DIR=var/numba-tests $(PYTHON) -c "from builds.engine.gear import warm_once; warm_once()"

test-sqlite: test-setup
	@$(PYTEST) -n 2 $(ARGS)

# What a browser shows does not depend on the database.
test-postgres: test-setup
	@$(PYTEST) -n 2 --database=postgres -m "not chromium" $(ARGS)

# Kills real workers and a real Redis in the middle of their work, which takes some minutes.
test-faults: test-setup
	@GW2_FAULTS=1 $(PYTEST) tests/test_gear_worker.py tests/test_ai_worker.py tests/test_edge_redis.py $(ARGS)

.PHONY: test-long
# What takes long for what it adds; CI runs it as well.
test-long: test-setup
	@GW2_LONG=1 $(PYTEST) -n 2 -m long $(ARGS)

.PHONY: test-deep
# What is asked for each profession, role and mode, of which the tests else take a third.
test-deep: test-setup
	@GW2_DEEP=1 $(PYTEST) -n 2 tests/test_recommend_library.py tests/test_agents_roles.py $(ARGS)

.PHONY: fuzz
# Half an hour of what the tests do for a minute: GW2_FUZZ examples of each route of the API, signed in and not.
fuzz: test-setup
	@GW2_FUZZ=$${GW2_FUZZ:-300} $(PYTEST) -n 2 tests/test_edge_fuzz.py $(ARGS)

lint:
	@.ci/setup dev
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --quiet --check .

format:
	@.ci/setup dev
	@$(PYTHON) -m ruff check --quiet --fix .
	@$(PYTHON) -m ruff format --quiet .

# The settings are judged as a deployment has them, in a folder of their own.
check: lint
	@$(PYTHON) -m mypy .
	@$(MANAGE) makemigrations --check --dry-run
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	VAR_DIR="$$folder" SITE_URL=https://gw2.example.org SECRET_KEY_FILE= REDIS_URL=redis://127.0.0.1:6379/0 EMAIL_HOST=127.0.0.1 \
	$(MANAGE) check --deploy --fail-level WARNING && \
	VAR_DIR="$$folder" $(MANAGE) spectacular --validate --fail-on-warn --file "$$folder/openapi.yaml" && \
	{ cmp -s docs/openapi.yaml "$$folder/openapi.yaml" || { echo "docs/openapi.yaml is old: run make schema" >&2; exit 1; }; }

schema:
	@.ci/setup dev
	@$(MANAGE) spectacular --validate --fail-on-warn --file docs/openapi.yaml

admin: setup
	@$(MANAGE) createsuperuser

bench:
	@.ci/setup dev
	@$(PYTHON) -m tests.bench.lists

bench-gear:
	@.ci/setup dev
	@NUMBA_CACHE_DIR="$${VAR_DIR:-var}/numba" $(PYTHON) -m tests.bench.gear

bench-improve:
	@.ci/setup dev
	@NUMBA_CACHE_DIR="$${VAR_DIR:-var}/numba" $(PYTHON) -m tests.bench.improve

bench-effects:
	@.ci/setup dev
	@$(PYTHON) -m tests.bench.effects

.PHONY: bench-login
bench-login:
	@.ci/setup dev
	@$(PYTHON) -m tests.bench.login $(ARGS)

bench-teams:
	@.ci/setup dev
	@$(PYTHON) -m tests.bench.teams

bench-ai:
	@.ci/setup dev
	@$(PYTHON) -m tests.bench.ai

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv/" >&2; exit 1; }
	@uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes \
		--custom-compile-command "make lock" pyproject.toml -o requirements.txt
	@uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes \
		--custom-compile-command "make lock" --group pyproject.toml:dev -c requirements.txt -o requirements-dev.txt
	@uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-deps --only-binary :all: \
		--emit-build-options --custom-compile-command "make lock" --group pyproject.toml:model \
		-o tests/ollama_server/requirements.txt
