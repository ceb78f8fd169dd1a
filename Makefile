# `make` alone lists the targets.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# The environment of another project must not affect this one.
unexport VIRTUAL_ENV PYTHONHOME PYTHONSTARTUP
# Without its cache of bytecode pytest prepares each of 350 test modules in every worker again: 10 seconds each time.
unexport PYTHONDONTWRITEBYTECODE

PATIENTS ?= 1000
ONLY ?=
REPORT ?= report.html
TURNS ?= 3
WORKERS ?= auto
ACTIONLINT := 1.7.7
CHECKOV := 3.3.30
BIN := .venv/bin
# Stamps: the packages for a run are installed, and those for everything else.
RUNNABLE := .venv/.runnable
INSTALLED := .venv/.installed

ifeq "$(wildcard pyproject.toml)" ""
$(error Run make in the project's folder, or from elsewhere with: make -C FOLDER)
endif

# Each stamp contains the folder it was created in: a moved or copied .venv is created again.
ifneq "$(shell cat $(INSTALLED) 2>/dev/null)" "$(CURDIR)"
.PHONY: $(INSTALLED)
endif
ifneq "$(shell cat $(RUNNABLE) 2>/dev/null)" "$(CURDIR)"
.PHONY: $(RUNNABLE)
endif

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: $(INSTALLED) ## create the Python 3.11 environment in .venv from the hashed lock
	@echo "The environment in .venv matches requirements.lock"

$(RUNNABLE): requirements-run.lock pyproject.toml kernels/metriccare/kernel.json
	@sh tools/install.sh run

$(INSTALLED): requirements.lock pyproject.toml kernels/metriccare/kernel.json
	@sh tools/install.sh all

.PHONY: run
run: $(RUNNABLE) ## run the pipeline on synthetic patients (PATIENTS=1000) and write report.html
	@$(BIN)/metriccare run --generate $(PATIENTS)
	@$(BIN)/metriccare report --out $(REPORT)

.PHONY: test
test: $(INSTALLED) ## run the tests that CI runs, or one shard of them (SHARD=fast)
	@$(if $(SHARD),,$(BIN)/python -m tools.warm_up)
	@$(BIN)/python -m pytest -q -n $(WORKERS) -p tools.xdist_by_lake -p tools.shards $(SHARD:%=--shard=%) $(COVERAGE:%=--cov --cov-report=%) -m "not long" $(TESTS)

.PHONY: test-fast
test-fast: ## run the tests that need no JVM, emulated AWS, Terraform, browser or kernel
	@$(MAKE) test SHARD=fast

.PHONY: coverage
coverage: ## run the tests and list the lines of the package that they do not reach
	@$(MAKE) test COVERAGE=term

.PHONY: test-long
test-long: $(INSTALLED) ## run all tests, with more examples and larger data
	@$(BIN)/python -m tools.warm_up
	@$(BIN)/python -m pytest -q -n $(WORKERS) -p tools.xdist_by_lake -m "long or not long" -p tools.hypothesis_long --hypothesis-profile=long $(TESTS)

.PHONY: bench
bench: $(INSTALLED) ## compare time and bytes with DuckDB and plain Spark (ONLY="full-S delivery-S" TURNS=3)
	@$(BIN)/python -m benchmarks.pipeline.bench $(if $(ONLY),--only $(ONLY)) --turns $(TURNS)

.PHONY: package
package: $(INSTALLED) ## build in dist/ what Terraform uploads: the jobs' Python modules and the Lambda archive
	@rm -rf dist && $(BIN)/python infra/job_modules.py && $(BIN)/python infra/lambda_archive.py

.PHONY: check
check: lint types imports notebooks locked actions ## run the static checks: lint, types, imports, notebooks, locks, workflows
	@echo "All checks passed"

.PHONY: lint
lint: $(INSTALLED)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

.PHONY: types
types: $(INSTALLED)
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/mypy --no-error-summary --package tools
	@$(BIN)/mypy --no-error-summary --package benchmarks.pipeline

.PHONY: imports
imports: $(INSTALLED)
	@said=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$said" >&2; exit 1; }

.PHONY: notebooks
notebooks: $(INSTALLED)
	@$(BIN)/python -m tools.check_notebooks notebooks/*.ipynb

.PHONY: locked
locked: $(INSTALLED)
	@$(BIN)/python -m tools.lock --check

.PHONY: actions
actions: $(INSTALLED)
	@if [ ! -x $(BIN)/actionlint ] && command -v go >/dev/null; then \
		GOBIN="$(CURDIR)/$(BIN)" go install github.com/rhysd/actionlint/cmd/actionlint@v$(ACTIONLINT) 2>&1 | grep -v ': downloading' || true; \
	fi
	@if [ -x $(BIN)/actionlint ]; then $(BIN)/actionlint; \
	else echo "The GitHub workflows were not checked: that needs Go, which makes actionlint" >&2; ! command -v go >/dev/null; fi

.PHONY: checkov
checkov: ## check the security of the Terraform code with checkov, in its own environment
	@[ -x .venv-checkov/bin/checkov ] || { python3 -m venv .venv-checkov && .venv-checkov/bin/pip --quiet --disable-pip-version-check install checkov==$(CHECKOV); }
	@.venv-checkov/bin/checkov --config-file .checkov.yaml --compact --quiet

.PHONY: format
format: $(INSTALLED) ## format the code and strip the notebooks' outputs
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/nbstripout --keep-id notebooks/*.ipynb

.PHONY: outputs
outputs: $(INSTALLED) ## run the notebooks and renew the kept outputs that the tests compare
	@$(BIN)/python -m tools.renew_outputs notebooks/*.ipynb

.PHONY: lab
lab: $(INSTALLED) ## open JupyterLab with the project's kernel (LAB=options)
	@$(BIN)/metriccare lab $(LAB)

.PHONY: glue-lab
glue-lab: $(INSTALLED) ## open JupyterLab with the Glue kernel at a local endpoint (LAB=options)
	@$(BIN)/metriccare glue-lab $(LAB)

.PHONY: lock
lock: $(INSTALLED) ## update both lock files from pyproject.toml
	@$(BIN)/python -m tools.lock

.PHONY: browser
browser: ## install Chromium and its driver for tests/browser (apt-get, as root or with sudo)
	@sh tools/apt_install.sh chromedriver chromium chromium-driver

.PHONY: aws-cli
aws-cli: ## install version 2 of AWS's command line, which a test asks about the commands in docs/ (likewise)
	@sh tools/apt_install.sh /usr/bin/aws awscli

.PHONY: hooks
hooks: $(INSTALLED) ## install the pre-commit hooks, which run the quick checks
	@$(BIN)/pre-commit install

.PHONY: clean
clean: ## remove the environment and all caches, but no data, tables or reports
	@rm -rf .venv .venv-checkov .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist spark-warehouse
	@find src tests tools benchmarks notebooks infra glue_job lambda_function -name __pycache__ -o -name .ipynb_checkpoints | while IFS= read -r folder; do rm -rf "$$folder"; done
