# 回音 Huiyin. `make` builds; `make run` shows the demo company; `make check test` is what CI runs.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= python3
V := .venv/bin
PIP := $(V)/pip install --quiet --disable-pip-version-check --require-hashes
TRANSLATIONS := $(shell find huiyin -name '*.po' 2>/dev/null)
FRONTEND := $(shell find frontend -type f 2>/dev/null; find huiyin -name '*.html' 2>/dev/null)
export PIP_NO_INPUT = 1

.PHONY: build run test check fmt lock docs bench coverage-map screenshots dev clean-build
build: .venv/.built huiyin/static/dist/.built .venv/.translated

run: build
	exec $(V)/huiyin up --demo

.venv/bin/python:
	tools/make-venv $(PYTHON)

.venv/.built: requirements.txt pyproject.toml | .venv/bin/python
	$(PIP) -r requirements.txt -r requirements-build.txt
	$(V)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

.venv/.dev: requirements-dev.txt .venv/.built
	$(PIP) -r requirements-dev.txt
	touch $@

huiyin/static/dist/.built: package-lock.json package.json vite.config.ts $(FRONTEND) | .venv/.built
	tools/bundle
	touch $@

.venv/.translated: $(TRANSLATIONS) | .venv/.built
	$(V)/python tools/translations.py compile
	touch $@

dev: build .venv/.dev
	tools/need-chromium

test: dev
	$(V)/pytest -n 2 --dist loadgroup --durations=20

check: dev
	tools/check

fmt: .venv/.dev
	$(V)/ruff check --fix-only --quiet .
	$(V)/ruff format --quiet .

lock: .venv/.dev
	tools/lock
	npm install --package-lock-only --ignore-scripts

docs: dev
	$(V)/python tools/docs.py

bench: dev
	$(V)/python -m bench

coverage-map: dev
	$(V)/python tools/coverage_map.py

screenshots: dev
	$(V)/python tools/screenshots.py
