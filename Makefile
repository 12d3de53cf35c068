# Daysheet: two commands matter, `make run` and `make test`. All of them set up what is missing first.
PORT ?= 8000
WORD ?=
TESTS ?=
ROW ?=
SIZES ?=
SECONDS ?= 600
SEED ?=
CASE ?=
PLAIN ?=
UNDO ?=

# A python3 that is 3.11 or newer and can make environments; else one that is new enough and will say what it lacks.
comma := ,
find = for p in $(or $(PYTHON),python3) python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do \
	$$p -c '$(1)' 2>/dev/null && { echo $$p; break; }; done
fit := $(shell $(call find,import sys$(comma) venv$(comma) ensurepip; sys.exit(sys.version_info < (3$(comma) 11))))
new := $(or $(fit),$(shell $(call find,import sys; sys.exit(sys.version_info < (3$(comma) 11)))))
BOOT = $(or $(new),$(error Daysheet needs Python 3.11 or newer: no such python3 was found)) src/daysheet/site/boot.py

.PHONY: run test check bench bench-full nightly fuzz fast where doctor lock help

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# make run [PORT=8000]     serve the office; Ctrl-C ends it
run:
	@exec $(BOOT) run --port $(PORT)
# make test [TESTS=path]   all tests, or some
test:
	@exec $(BOOT) test $(TESTS)
# make check               format, lint, types, import contracts, house rules
check:
	@exec $(BOOT) check
# make bench [ROW=name]    the hot paths, with the floor beside each
bench:
	@exec $(BOOT) bench $(ROW)
# make bench-full [ROW=x12]  and X12 files of 100 and 1,000 MB, made for it; SIZES=100 for fewer
bench-full:
	@exec $(BOOT) bench --full $(if $(SIZES),--megabytes $(SIZES)) $(ROW)
# make nightly             the tests that are too long for every change
nightly:
	@exec $(BOOT) nightly $(TESTS)
# make fuzz [SECONDS=600]  spoilt files against the X12 library; SEED=n CASE=n repeats one of them
fuzz:
	@exec $(BOOT) fuzz --seconds $(SECONDS) $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE)) $(if $(PLAIN),--plain)
# make fast [UNDO=yes]     compile the busiest parts of X12, for large files; needs a C compiler
fast:
	@exec $(BOOT) fast $(if $(UNDO),--undo)
# make where WORD=copay    glossary line, command, screen, test
where:
	@exec $(BOOT) where $(WORD)
# make doctor              what is missing on this machine
doctor:
	@exec $(BOOT) doctor
# make lock                write the lock files anew from pyproject.toml
lock:
	@exec $(BOOT) lock
