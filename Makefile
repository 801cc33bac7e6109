# Short names for what README.md and docs/operations.md spell out.
.PHONY: check quick format demo messages locks

check: ## everything CI runs
	python3 tests/gate.py

quick: ## style, imports, migrations, deployment settings
	python3 tests/gate.py quick

format: ## let the formatters do their part of `quick`
	.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q .
	find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2

demo:
	.venv/bin/python manage.py demo

messages: ## collect the Chinese messages; translate locale/en/LC_MESSAGES/django.po; run again
	.venv/bin/python manage.py makemessages -l en --no-location --no-wrap --no-obsolete --ignore=.venv --ignore=var --ignore=tests
	.venv/bin/python manage.py compilemessages -l en -l zh_Hans --ignore=.venv

locks: ## pin again after pyproject.toml changed; needs uv on PATH
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
