# The hub needs Python 3.11 or newer, make and git. Everything else comes from the lock files, with their hashes.
# All paths are relative, so that the folder may have any name.

.SILENT:
.PHONY: help run setup test test-dates bench torture fuzz audit lock venv venv-here setup-test browser lint migrations
.PHONY: deployable messages pins

python = .venv/bin/python
# Checks ask the same wherever they run: without what somebody has exported, and without what `.env` says.
unset := $(shell sed -n 's/^[^A-Z ]\{0,1\}\([A-Z_]*\)=.*/\1=/p' .env.example)
checking = DJANGO_SETTINGS_MODULE=hub.settings PYTEST_ADDOPTS= PYTEST_PLUGINS= PYTEST_DISABLE_PLUGIN_AUTOLOAD= \
	$(python) -E -X utf8

help:
	echo 'make run     the hub with its demo on http://localhost:8000; PORT=9000 for another port'
	echo 'make test    every check and every test'
	echo 'make test-dates  the tests without a browser at six moments where mistakes with days show; AT="2036-05-31 23:57"'
	echo 'make bench   ten years of a busy hub, and how fast every page is then; writes docs/generated/bench.md'
	echo 'make fuzz    thousands of hostile requests, as everybody; REQUESTS=10000 SEED=9'
	echo 'make audit   whether the package index knows of holes in what requirements.lock names; needs to reach it'
	echo 'make setup   only the set-up that both begin with; PYTHON=... names the Python'
	echo 'make torture  kill everything while everybody writes, and see what is left; MINUTES=8 for longer or shorter'
	echo 'make messages  every sentence for translators, and what they brought; LANGUAGE=pl begins a new one'
	echo 'make pins    the images of a deployment with their digests, as lines for .env; needs docker'
	echo 'make lock    the lock files again, from pyproject.toml; UPGRADE=--upgrade for newer versions'

run: setup
	exec $(python) manage.py run

# --- Set-up: .venv, and in it what a lock file says. Its copy in .venv says what is there already. ----------------

setup: venv
	$(call install,requirements-local.lock)

setup-test: venv
	$(call install,requirements-test.lock)

# uv is quick, but does not read pip's own settings (a mirror, say): where it fails, pip gets its turn.
define install
	if ! cmp -s $(1) .venv/$(1); then \
	  echo 'Installing what $(1) lists; the first time this takes a minute or two.'; \
	  $(uv) pip install --python $(python) --require-hashes -r $(1) \
	  || { $(has_pip) && $(python) -m pip install --require-hashes -r $(1); } \
	  || { echo 'It could not be installed: the lines above say why.' >&2; exit 1; }; \
	  cp $(1) .venv/$(1); \
	fi
endef

uv = $$(if command -v uv >/dev/null; then echo uv; else echo $(python) -m uv; fi)
has_pip = $(python) -m pip --version >/dev/null 2>&1
new_enough = -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null

# Two who begin at once in a new folder do not clear it away under each other, where this machine can tell them apart.
venv:
	$(if $(shell command -v flock),flock Makefile) $(MAKE) --no-print-directory venv-here

venv-here:
	if ! { $(python) $(new_enough) && { command -v uv >/dev/null || $(has_pip); }; }; then $(make_venv); fi

define make_venv
	[ -w . ] || { echo 'This folder cannot be written to: the set-up goes into .venv inside it.' >&2; exit 1; }; \
	found=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3.13 python3.12 python3.11 python3); do \
	  if "$$candidate" $(new_enough); then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  here=$$("$$candidate" --version 2>/dev/null) || here='not there'; \
	  echo "The hub needs Python 3.11 or newer; $$candidate is $$here. Name one: make setup PYTHON=/path/to/python" >&2; \
	  exit 1; \
	fi; \
	if command -v uv >/dev/null; then \
	  uv venv --quiet --clear --python "$$found" .venv; \
	elif ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo 'This Python cannot make a .venv: install python3-venv or uv, or name another with PYTHON=...' >&2; exit 1; \
	else \
	  echo 'Making .venv ...'; \
	  "$$found" -m venv --clear .venv; \
	  $(python) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock \
	  || echo 'uv could not be had; pip does its work, more slowly.' >&2; \
	fi
endef

# --- Checks and tests ------------------------------------------------------------------------------------------------

test: setup-test lint migrations deployable browser
	$(checking) -m pytest -n auto --maxprocesses=4 --dist=worksteal

# Not part of `make test`: each moment takes as long as the tests without a browser. ONLY=February for one of them.
test-dates: setup-test
	$(checking) -m tests.dates $(if $(AT),--at "$(AT)") $(if $(ONLY),--only "$(ONLY)") -n auto --maxprocesses=4 --dist=worksteal

lint: setup-test
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m mypy
	$(python) -c 'from importlinter.cli import lint_imports_command as main; main()'
	$(python) -m djlint --quiet --lint templates

# The images of a deployment, with the digests of what the registry gives out now: three lines for .env. Needs docker.
pins:
	for pair in POSTGRES_IMAGE=postgres:18-bookworm CADDY_IMAGE=caddy:2 PYTHON_IMAGE=python:3.13-slim-bookworm; do \
	  docker pull --quiet "$${pair#*=}" >/dev/null && digest=$$(docker image inspect --format '{{index .RepoDigests 0}}' \
	  "$${pair#*=}") && echo "$$pair@$${digest#*@}" || exit 1; done

migrations: setup-test
	$(unset) DEBUG=true DATABASE_URL=postgres://127.0.0.1:1/none \
	$(checking) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

deployable: setup-test
	$(unset) DEBUG=false ALLOWED_HOSTS=hub.example DATABASE_URL=postgres://localhost/hub \
	SECRET_KEY=only-long-enough-for-the-check-0123456789-abcdefghijklmnop \
	$(checking) manage.py check --deploy --fail-level=WARNING

browser: setup-test
	$(python) -m tests.browsers

# Not part of `make test`: it takes MINUTES, and two or three more to set up and to end. Seeds are printed and taken.
torture: setup-test
	$(python) -m tests.torture --minutes $(or $(MINUTES),8) $(if $(SEED),--seed $(SEED))

fuzz: setup-test
	$(python) -m tests.fuzz $(if $(REQUESTS),--requests $(REQUESTS)) $(if $(SEED),--seed $(SEED))

# In an environment of its own, and strict: what nobody could be asked about counts as a failure, never as an answer.
audit: venv
	[ -x .data/audit/bin/pip-audit ] || { $(python) -m venv .data/audit \
	  && .data/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit; }
	.data/audit/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

# --- Words in other languages: needs the gettext tools (Debian: gettext) -----------------------------------------------

messages: setup
	command -v msgfmt >/dev/null || { echo 'This needs the gettext tools: install gettext first.' >&2; exit 1; }
	$(python) manage.py makemessages $(if $(LANGUAGE),--locale=$(LANGUAGE))
	$(python) manage.py compilemessages --ignore='.venv/*'

# --- How fast it is: for a quiet machine ---------------------------------------------------------------------------------

# More to say: make bench BENCH='--explain supplies:shelf', and what --help tells.
bench: setup-test
	$(python) -m tests.bench $(BENCH)

# --- Lock files ------------------------------------------------------------------------------------------------------

# Not uv.lock: that one spells out the address of every file, and ours name no host to fetch from.
compile = $(uv) pip compile --quiet --universal --python-version=3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url $(UPGRADE)

lock: setup-test
	$(compile) pyproject.toml -o requirements.lock
	$(compile) pyproject.toml --group=local -c requirements.lock -o requirements-local.lock
	$(compile) pyproject.toml --group=local --group=test -c requirements-local.lock -o requirements-test.lock
	echo uv | $(compile) - -o requirements-uv.lock
