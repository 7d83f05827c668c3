# make demo    set up, run the pipeline on the shipped sample, hold a short conversation
# make chat    serve what the demo made: the web page, and an API for other clients
# make test    set up, then every test            make lint    ruff and mypy
# make run     the pipeline alone                    make bench   measure it against plain libraries
# make check-gpu, make bench-gpu                      the full system and its training's speed, where there is a GPU
# make up      Prefect and MLflow on loopback          make down    stop them
# make gpu     be the worker that trains for another machine's retrains
# make remote url=/a/folder                           where `dvc push` and `dvc pull` keep data and models
# make profile=local run                          another profile: copied over params.yaml first

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PATH := $(CURDIR)/$(BIN):$(PATH)
SHELL := /bin/bash

-include .env
export  # all of them: keys and addresses of .env too
DO_NOT_TRACK := true
MLFLOW_DISABLE_TELEMETRY := true
PREFECT_SERVER_ANALYTICS_ENABLED := false
TOKENIZERS_PARALLELISM := false

.PHONY: setup run demo chat test test-flows test-pipeline test-rest lint bench bench-gpu check-gpu up down status gpu remote clean

setup: $(VENV)/.installed

# pip's own lines move while it works; a second call finds the stamp and does nothing.
$(VENV)/.installed: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 is needed: install python3.11, or set PYTHON=/path/to/it"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: setup
ifdef profile
	@test -f profiles/$(profile).yaml || { echo "no profile '$(profile)': there are $(notdir $(basename $(wildcard profiles/*.yaml)))"; exit 2; }
	cp profiles/$(profile).yaml params.yaml
endif
	@$(BIN)/python -m flows.ready
	$(BIN)/dvc repro

demo: run
	@echo; paste -d '\n\n' <(sed 's/^/you> /' docs/conversation.txt) <($(BIN)/moviechat chat < docs/conversation.txt) /dev/null
	@printf '\nNext:\n  %s\n  %s\n  %s\n  %s\n' \
	  "make chat                                                the web page, at http://127.0.0.1:8080" \
  "$(BIN)/moviechat chat                                    talk about films yourself" \
	  "$(BIN)/moviechat ask \"Who directed Parasite?\" --json     one question, one answer" \
	  "$(BIN)/mlflow ui --backend-store-uri sqlite:///mlruns/mlflow.db   the run that was just logged"

# `args` go to the server: make chat args="--port 9000".
chat: setup
	@$(BIN)/moviechat serve $(args)

# The tests use the two embedded models; once fetched, nothing needs the network. They run in three parts beside each
# other: those of flows/ mostly wait for real servers, those of the pipeline for processes. Each part tells what it found
# when it ends.
test: setup
	$(BIN)/dvc repro --quiet fetch_models
	@$(MAKE) --no-print-directory --jobs=3 test-flows test-pipeline test-rest

PIPELINE := stages training generation models teacher imdb wikipedia doctor benchmarks

test-flows:
	@$(call tested,flows,tests/flows)

test-pipeline:
	@$(call tested,pipeline,$(PIPELINE:%=tests/%))

test-rest:
	@$(BIN)/python -m pytest --ignore=tests/flows $(PIPELINE:%=--ignore=tests/%)

define tested
mkdir -p .services; $(BIN)/python -m pytest $(2) > .services/$(1).txt 2>&1; status=$$?; cat .services/$(1).txt; exit $$status
endef

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# `args` go to the first: make bench args="--queries descriptions.jsonl".
bench: run
	$(BIN)/python benchmarks/retrieval.py --embedded 150 $(args)
	$(BIN)/python benchmarks/scale.py --films 100000
	$(BIN)/python benchmarks/large.py --films 50000
	$(BIN)/python benchmarks/talk.py data/sample/talk/cases.jsonl
	$(BIN)/python benchmarks/grounding.py
	$(BIN)/python benchmarks/serve.py
	$(BIN)/python benchmarks/fuzz.py
	$(BIN)/python benchmarks/teacher.py
	$(BIN)/python benchmarks/train.py --rounds 3

# Where there is a GPU, with a random base of open_llama_3b_v2's shape: `args=--quick` compares with TRL + Liger alone,
# `args=--tiny` tries the same on a tiny base and any machine.
bench-gpu: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[gpu]'
	$(BIN)/dvc repro --quiet split fetch_models
	$(BIN)/python benchmarks/train.py --gpu $(args)

check-gpu: setup
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[gpu]'
	$(BIN)/dvc repro --quiet build_index enrich split fetch_models
	$(BIN)/python benchmarks/check_gpu.py $(args)

up down status gpu: setup
	@$(BIN)/python -m flows.services $@

# In .dvc/config.local: a remote is a matter of the machine, not of the repository.
remote: setup
	@test -n "$(url)" || { echo "which one? make remote url=/a/folder, or url=s3://bucket/folder"; exit 2; }
	@$(BIN)/dvc remote add --quiet --local --default --force shared "$(url)"
	@echo "dvc push sends to $(url), dvc pull fetches from there"

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
