# Everything is installed into .venv/ at the project's root; .venv/bin/wenju is the command.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
export Q ?= 左云县有多少网格员
# Both variables: older pips read the first for build tools too, newer ones only the second.
PIP_INSTALL = PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt \
	.venv/bin/python -m pip install --disable-pip-version-check $(COMPILE)
# Containers like to set it. The tests start hundreds of processes, each of which would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: ask install install-ocr install-torch test test-fast test-slow test-api test-browser cluster-test crash-test fuzz soak \
	eval demo-bot demo-web bench scale-study bench-bot bench-page bench-milvus bench-engine fit train-reader \
	calibrate-reader exam exam-public cases \
	site lint format clean help

help:
	@echo "make ask            set everything up and ask: $$Q"
	@echo 'make ask Q="…"      ask something else'
	@echo "make install        bring .venv up to date (after a pull)"
	@echo "make install-ocr    have scans and pictures read (300 MB more)"
	@echo "make install-torch  have other models than the bundled ones run (1 GB more)"
	@echo "make test           set up what the tests need and run them"
	@echo "make test-slow      the slow tests, which make test leaves out, the other questions among them"
	@echo "make test-fast      those of questions, sentences and rules that load no model: less than a minute"
	@echo "make test-browser   those of the page in Chromium, where there is one (160 MB more)"
	@echo "make test-api       the API, called by schemathesis as its description allows and otherwise (a minute)"
	@echo "make crash-test     kill it at 1,000 random moments and look what is left (a quarter of an hour)"
	@echo "make cluster-test   what is promised of an index, on a Milvus of yours: MILVUS=http://host:19530"
	@echo "make eval           how well the sample questions are answered; fails below data/floors.json"
	@echo "make demo-bot       a conversation with the Telegram bot, without Telegram"
	@echo "make demo-web       the page in Chromium over the samples, and pictures of it in docs/pictures"
	@echo "make fuzz           nasty files and mutations through the reader (ten minutes); ARGS='--seconds 60 --seed 1'"
	@echo "make bench          Wenju beside LangChain with FAISS and txtai (twenty minutes; ARGS=--long: an hour)"
	@echo "make scale-study    what it costs from a thousand passages to a million (three hours, 20 GB of disk)"
	@echo "make bench-bot      200 questions from 50 chats at once; how long answers are"
	@echo "make bench-page     from the key to the answer in Chromium, and what the page weighs"
	@echo "make bench-milvus   what a question costs who asks of a Milvus, and 100 million passages on paper"
	@echo "make soak           50 people ask while documents come, change and go (ten minutes)"
	@echo "make bench-engine   the compiled engine against torch (a quarter of an hour)"
	@echo "make fit            fit the weights of evidence and confidence anew (a quarter of an hour)"
	@echo "make train-reader   train the reader anew (two hours; goes on where it was interrupted)"
	@echo "make calibrate-reader  fit how sure it is, on questions it was not trained on (twenty minutes)"
	@echo "make exam           ask the questions that are held back, on towns and on real news (nine minutes)"
	@echo "make cases          664 questions over folders of small documents, each alone (three minutes)"
	@echo "make exam-public    the public questions that are held back from training (eight minutes)"
	@echo "make site           the pages as a site, in build/site"
	@echo "make lint           ruff and mypy --strict"
	@echo "make clean          remove .venv and all caches of the project"

# Exit code 1 says that the documents do not answer: as a run of make that is a success.
ask: .venv/installed
	@.venv/bin/wenju ask -- "$$Q" || [ $$? -eq 1 ]

install: .venv/installed

install-ocr: .venv/installed-ocr

install-torch: .venv/installed-torch

# Four on two cores: tests wait for servers, pauses and limits of time, too.
test: .venv/installed-dev
	.venv/bin/python -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

# What is tried while one writes: no model, no bot, no file that another process must read.
FAST = tests/answering tests/evaluation tests/query tests/ranking tests/text \
	tests/test_architecture.py tests/test_circles.py tests/test_docs.py tests/test_names.py tests/test_readme.py \
	tests/test_settings.py
test-fast: .venv/installed-dev
	.venv/bin/python -m pytest --numprocesses 2 -m "not slow and not model" $(FAST) $(ARGS)

test-slow: .venv/installed-dev
	.venv/bin/python -m pytest -m slow $(ARGS)

# On a Milvus of yours: make cluster-test MILVUS=http://host:19530 ARGS="--shards 3 --replicas 2"
cluster-test: .venv/installed-dev
	@test -n "$(MILVUS)" || { echo "Name a Milvus: make cluster-test MILVUS=http://host:19530" >&2; exit 1; }
	.venv/bin/python -m tests.index.cluster $(MILVUS) $(ARGS)

test-browser: .venv/installed-browser
	.venv/bin/python -m pytest tests/web/test_browser.py tests/web/test_browser_access.py $(ARGS)

# The API by its own description: ARGS="--max-examples 100"
test-api: .venv/installed-dev build/api-tools/installed
	.venv/bin/python -m tests.web.api build/api-tools/bin/schemathesis $(ARGS)

# ARGS="--kills 50 --seed 7", ARGS=--opening, ARGS="--milvus --kills 100": see python -m tests.crash --help
crash-test: .venv/installed-dev
	$(if $(ARGS),,WENJU_TEST_EXAMPLES=40 .venv/bin/python -m pytest -q tests/index/test_stateful.py)
	.venv/bin/python -m tests.crash $(ARGS)

eval: .venv/installed
	.venv/bin/wenju eval data/questions.jsonl --corpus data/corpus --floors data/floors.json $(ARGS)

demo-bot: .venv/installed-dev
	.venv/bin/python -m tests.telegram.demo

demo-web: .venv/installed-browser
	.venv/bin/python -m tests.web.demo

fuzz: .venv/installed-dev
	.venv/bin/python -m tests.documents.fuzz $(ARGS)

bench-bot: .venv/installed-dev
	.venv/bin/python -m benchmarks.telegram
	.venv/bin/python -m benchmarks.telegram.lengths

bench-page: .venv/installed-browser
	.venv/bin/python -m benchmarks.page

bench-milvus: .venv/installed-dev
	.venv/bin/python -m benchmarks.milvus --json benchmarks/results/milvus.json $(ARGS)

soak: .venv/installed-dev
	.venv/bin/python -m benchmarks.soak --json benchmarks/results/soak.json $(ARGS)

bench: .venv/installed-bench
	.venv/bin/python -m benchmarks.side_by_side --json benchmarks/results/side_by_side.json $(ARGS)

scale-study: .venv/installed
	.venv/bin/python -m benchmarks.scale --json benchmarks/results/scale.json $(ARGS)

bench-engine: .venv/installed-torch
	.venv/bin/python -m benchmarks.engine $(ARGS)

fit: .venv/installed
	.venv/bin/python -m benchmarks.fit

# glibc gives the memory of each step back to the system and asks for it again unless it is told not to.
train-reader: export MALLOC_MMAP_MAX_ = 0
train-reader: export MALLOC_TRIM_THRESHOLD_ = 9000000000
train-reader: .venv/installed-torch
	test -f build/reader/towns.jsonl || .venv/bin/python -m benchmarks.reader.mine
	.venv/bin/python -m benchmarks.reader.train $(ARGS)
	.venv/bin/python -m benchmarks.reader.deliver
	$(MAKE) calibrate-reader

calibrate-reader: .venv/installed
	.venv/bin/python -m benchmarks.reader.calibrate

exam: export WENJU_SEARCH__TODAY = 2026-11-29
exam: .venv/installed
	@.venv/bin/python -m benchmarks.reader.real_news >/dev/null
	@for town in $(wildcard benchmarks/reader/towns/exam-*) build/reader/news/exam-*; do \
		[ -d $$town ] || continue; echo "== $$town"; \
		.venv/bin/wenju eval $$town/questions.jsonl --corpus $$town $(ARGS) || exit 1; done

cases: export WENJU_SEARCH__TODAY = 2026-11-30
cases: .venv/installed
	.venv/bin/python -m benchmarks.cases $(ARGS)

exam-public: .venv/installed
	.venv/bin/python -m benchmarks.reader.public

# Beside each other as they lie here, so that their links hold; a link that leads nowhere ends it.
site: build/site-tools/installed
	rm -rf build/pages && mkdir -p build/pages/benchmarks/reader build/pages/data
	cp -R README.md CONTRIBUTING.md SECURITY.md CHANGELOG.md NOTICE.md LICENSE docs build/pages
	cp -R benchmarks/results build/pages/benchmarks
	cp benchmarks/reader/README.md build/pages/benchmarks/reader
	cp data/questions.jsonl build/pages/data
	build/site-tools/bin/zensical build --clean --strict

lint: .venv/installed-dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

format: .venv/installed-dev
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Wenju needs Python 3.11 or newer with the venv module" \
		"(on Debian: apt install python3-venv). Name one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "== Creating .venv with $$($(PYTHON) --version)"
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml constraints.txt
	@echo "== Installing Wenju and its libraries into .venv (about 1 GB; a minute or two the first time)"
	$(PIP_INSTALL) --editable ".[web]"
	@touch $@

.venv/installed-ocr: .venv/installed
	@echo "== Installing what reads scans and pictures (about 300 MB)"
	$(PIP_INSTALL) --editable ".[ocr]"
	@touch $@

.venv/installed-torch: .venv/installed
	@echo "== Installing what runs and exports other models than the bundled ones (about 1 GB)"
	$(PIP_INSTALL) --editable ".[torch]"
	@touch $@

.venv/installed-bench: .venv/installed-torch benchmarks/requirements.txt
	@echo "== Installing what Wenju is compared with"
	$(PIP_INSTALL) --requirement benchmarks/requirements.txt
	@touch $@

build/api-tools/installed: tests/web/api-requirements.txt
	@echo "== Installing schemathesis"
	$(PYTHON) -m venv build/api-tools
	build/api-tools/bin/python -m pip install --disable-pip-version-check --quiet --requirement tests/web/api-requirements.txt
	@touch $@

build/site-tools/installed: docs/requirements.txt constraints.txt
	@echo "== Installing what builds the pages"
	$(PYTHON) -m venv build/site-tools
	PIP_CONSTRAINT=constraints.txt build/site-tools/bin/python -m pip install --disable-pip-version-check \
		--quiet --requirement docs/requirements.txt
	@touch $@

# For tests, modules are compiled when they are imported: most of 20,000 never are. For others all are, at once: who runs
# it may not write there.
.venv/installed-dev: COMPILE = --no-compile
.venv/installed-dev: .venv/installed
	@echo "== Installing what the tests and linters need"
	$(PIP_INSTALL) --editable ".[dev]"
	@touch $@

.venv/installed-browser: COMPILE = --no-compile
.venv/installed-browser: .venv/installed-dev
	@echo "== Installing what drives Chromium (160 MB); the browser itself is the machine's own"
	$(PIP_INSTALL) --editable ".[browser]"
	@touch $@
