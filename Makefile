# The house around the code. Every target may be run at any time; each brings along what it needs.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
SWIFT ?= swift
BELAY := .build-release/release/belay

# A module reached without being declared is an error.
ARROWS := --explicit-target-dependency-import-check error
RELEASE := -c release --static-swift-stdlib --scratch-path .build-release
# Nothing is loaded into belay, and each of its 150,000 relocations is paid for at every start.
ifeq ($(shell uname),Linux)
RELEASE += -Xlinker --no-export-dynamic -Xlinker -no-pie
# Nor is a library beside the program looked for; those that it needs are in it, as far as there are archives of them.
RELEASE += --disable-local-rpath --pkg-config-path $(CURDIR)/.build-release/archives
endif
# Swift Testing alone; a house rule keeps XCTest out. A few tests at a time: all at once, each would wait for the others'
# turns for minutes, and what guards a test against hanging would call the wait a hang.
TEST := $(ARROWS) --disable-xctest --experimental-maximum-parallelization-width 4
SOURCES := Sources Tests Package.swift

# On a terminal the build's own progress line; in a log only what went wrong.
QUIETLY := quiet=--quiet; if [ -t 1 ]; then quiet=; fi;

# The provider's own clients, and the tests that call the emulator through them.
CLIENTS := .build-clients/venv/bin/python -W ignore -m unittest discover --start-directory Tests/Clients

.PHONY: help setup archives build demo test clients coverage mutants soak arrows lint format bench plan-truth \
  bench-emulator bench-engine bench-makespan bench-language clean install

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

setup: ## install what is missing (Debian, through apt) and check the Swift version
	@contrib/setup/setup.sh

archives: setup
ifeq ($(shell uname),Linux)
	@contrib/setup/archives.sh .build-release/archives
endif

build: archives ## build belay in release; about ten minutes the first time, seconds after that
	@[ -x $(BELAY) ] || echo "Building belay in release. The first time takes about ten minutes on two cores."
	@$(QUIETLY) $(SWIFT) build $$quiet $(RELEASE) --product belay

demo: build ## run both shipped runbooks against the emulator, break them, watch the undo
	@contrib/demo/demo.sh $(BELAY)

test: arrows ## run all tests; builds them first
	@$(SWIFT) test --skip-build $(TEST)
	@python3 -m unittest discover --quiet --start-directory contrib/catalog
	@python3 -m unittest discover --quiet --start-directory contrib/editors
	@contrib/soak/kill9.py .build/debug/belay --seed 11 --rounds 50 --seconds 50
	@Tests/Clients/setup.sh
	@$(CLIENTS) --quiet

clients: arrows ## run the provider's own clients (SDKs, tccli) against the emulator
	@Tests/Clients/setup.sh
	@$(CLIENTS) --verbose

coverage: arrows ## write docs/generated/coverage.md from what those clients see
	@Tests/Clients/setup.sh
	@UPDATE_GOLDEN=1 $(CLIENTS) --quiet --pattern test_coverage.py

mutants: arrows ## put every single fault into the shipped runbooks, and write docs/generated/mutants.md; minutes
	@MUTANTS=all $(SWIFT) test --skip-build $(TEST) --filter MutantTests

soak: arrows ## run every script of contrib/soak: random sessions over many seeds; takes minutes
	@for script in contrib/soak/*.sh; do echo "== $$script"; SWIFT=$(SWIFT) "$$script"; done

arrows: setup ## build everything, tests included, with every import checked against Package.swift
	@[ -d .build/debug ] || echo "Building with tests. The first time takes about seven minutes on two cores."
	@$(QUIETLY) $(SWIFT) build $$quiet --build-tests $(ARROWS)

lint: setup ## check the format of all Swift files
	@$(SWIFT) format lint --strict -r $(SOURCES)

format: setup ## bring all Swift files into the format
	@$(SWIFT) format -i -r $(SOURCES)

bench: build ## measure start-up, planning and the rate limiter; prints numbers, judges nothing
	@contrib/benchmarks/check-startup.sh $(BELAY)
	@contrib/benchmarks/plan.sh $(BELAY)
	@contrib/benchmarks/rate.sh $(BELAY)

plan-truth: build ## plan the shipped runbooks, run them, and write docs/generated/plan-truth.md
	@contrib/benchmarks/plan_truth.py $(BELAY) docs/generated/plan-truth.md

bench-emulator: build ## measure the emulator beside moto_server; several minutes, prints numbers
	@$(QUIETLY) $(SWIFT) build $$quiet $(RELEASE) --product EmptyHandler
	@contrib/benchmarks/emulator.sh $(BELAY) .build-release/release/EmptyHandler

bench-engine: archives ## measure the engine beside DBOS; some minutes, prints a table
	@$(QUIETLY) $(SWIFT) build $$quiet $(RELEASE) --product EngineBenchmark
	@contrib/benchmarks/engine.sh .build-release/release/EngineBenchmark

bench-makespan: build ## measure how close fan-outs over HTTP come to what the limits allow; two minutes
	@contrib/benchmarks/makespan.py $(BELAY)

bench-language: archives ## measure the language beside CPython, two Starlarks and Lua; minutes, prints numbers
	@$(QUIETLY) $(SWIFT) build $$quiet $(RELEASE) --product LanguageBenchmark
	@contrib/benchmarks/language/setup.sh
	@contrib/benchmarks/language/compare.py .build-release/release/LanguageBenchmark

clean: ## remove what was built
	@rm -rf .build .build-release .build-clients .build-benchmarks .build-bench .build-fuzz

install: build ## copy belay to PREFIX/bin (PREFIX is /usr/local)
	@install -d $(DESTDIR)$(PREFIX)/bin
	@install -m 755 -s $(BELAY) $(DESTDIR)$(PREFIX)/bin/belay
	@echo "Installed $(DESTDIR)$(PREFIX)/bin/belay."
