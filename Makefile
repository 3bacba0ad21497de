# The first run makes .venv from requirements.lock, later runs start at once;
# a changed lock or pyproject.toml makes it anew.

python := .venv/bin/python
PORT   ?= 8888
# The folder with another place's communes.csv.
place = $(if $(PLACE),--place "$(PLACE)")
# With it, each of the many programs that tests start would compile the package again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lab app briefing page test notebooks review evidence check fuzz print-test bench lock

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*##/  make \1:/p' Makefile

lab: .venv/ready  ## the notebooks in the browser (BROWSER=no: print the address; PORT=8890)
	@$(python) -m jupyterlab $(lab_options)

app: .venv/ready  ## the page without code, for this machine (BROWSER=no: print the address; PORT=8866; PLACE=folder)
	@$(python) -m antq_helpers app --port $(or $(filter-out 8888,$(PORT)),8866) $(place) $(if $(filter no,$(BROWSER)),--no-browser)

briefing: .venv/ready  ## slides, appendix, workbook, pictures (PERIOD=2022 AUDIENCE=internal; RECORDS=files PLACE=folder FOLDER=out/…)
	@$(python) -m antq_helpers briefing --period "$(PERIOD)" --audience "$(AUDIENCE)" \
	  $(if $(RECORDS),--records $(RECORDS)) $(place) $(if $(FOLDER),--folder "$(FOLDER)") \
	  $(if $(filter yes,$(OVERWRITE)),--overwrite)

page: .venv/ready  ## all numbers and pictures as one HTML file for any browser (AUDIENCE=internal; RECORDS=files PLACE=folder TO=out/page.html)
	@$(python) -m antq_helpers page --audience "$(AUDIENCE)" $(if $(PERIOD),--period "$(PERIOD)") \
	  $(if $(RECORDS),--records $(RECORDS)) $(place) $(if $(TO),--to "$(TO)") \
	  $(if $(filter yes,$(OVERWRITE)),--overwrite)

test: .venv/ready  ## style, tests, examples in the code, and notebook 01 run again: 3 minutes
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

notebooks: .venv/ready  ## every stored notebook run again, each printed figure compared (nbval)
	$(python) -m pytest -n auto --dist loadfile notebooks

review: .venv/ready  ## the same on one page: what differs, stored beside new (out/review.html; OLD=pack NEW=pack)
	@$(python) -m antq_helpers compare $(or $(OLD),notebooks) $(NEW) --to out/review.html

evidence: .venv/ready  ## the log that a reviewer signs: figures, claims, tests, versions (out/evidence.html)
	@$(python) -m antq_helpers evidence --to out/evidence.html

check: .venv/ready  ## all of that with every case, all notebooks, and a real browser
	$(python) -m ruff check
	$(python) -m ruff format --check
	$(python) -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(python) -m pytest tests/browser

fuzz: .venv/ready  ## thousands of random office files, read back (FILES=2000; START=1000)
	$(python) -m tests.office --files $(or $(FILES),2000) --start $(or $(START),1000)

print-test: .venv/ready  ## a briefing printed by LibreOffice, which must be installed
	$(python) -m pytest tests/libreoffice

bench: .venv/ready  ## how long loading, counting and drawing take: 5 minutes (FULL=yes: an hour)
	$(python) -m benchmarks $(if $(filter yes,$(FULL)),--full)

lock:  ## requirements.lock from pyproject.toml (UPGRADE=yes takes the newest of everything)
	$(if $(find_uv),,$(error `make lock` needs uv: pip install uv))
	uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header $(if $(filter yes,$(UPGRADE)),--upgrade) \
	  pyproject.toml -o requirements.lock

# Only this machine is served, and no list of extensions is fetched (news and updates: see set-up).
# JupyterLab refuses to run as root unless told.
lab_options = --LabApp.default_url=/lab/tree/notebooks/01_explore_trends.ipynb \
  --ServerApp.root_dir=. --ServerApp.ip=127.0.0.1 --ServerApp.port=$(PORT) \
  --LabApp.extension_manager=readonly \
  $(if $(filter no,$(BROWSER)),--no-browser) $(if $(filter 0,$(shell id -u)),--allow-root)


# ---- set-up ----

# A program on the PATH can still fail (pyenv leaves such names behind), so each is run, not looked
# up. The interpreter beneath a virtual environment is taken, because that may be our own old .venv.
find_uv = $(shell uv --version >/dev/null 2>&1 && echo uv)
find_python_with_uv  = $(shell uv python find --system '>=3.11' 2>/dev/null)
find_python_with_pip = $(shell for name in python3 python python3.13 python3.12 python3.11 python3.14; \
  do $$name -c '$(say_where)' 2>/dev/null && break; done)
say_where = import sys, venv, ensurepip; sys.version_info < (3, 11) and sys.exit(1); print(sys._base_executable)

no_python = Python 3.11 or later with venv is needed: install it from python.org, or on Debian and \
  Ubuntu with `apt install python3 python3-venv`, or with `uv python install 3.13`

venv_with_uv  = uv venv --quiet --python "$(base)"
venv_with_pip = "$(base)" -m venv

# Both compile bytecode: uv would not unless told, and PYTHONDONTWRITEBYTECODE would leave the work
# to every single start. A constraint from the user's own settings has no hashes and is not ours.
install_with_uv  = UV_CONSTRAINT= uv pip install --quiet --python $(python) --compile-bytecode
install_with_pip = PIP_CONSTRAINT=/dev/null $(python) -m pip install --quiet --compile --disable-pip-version-check

# JupyterLab neither asks about news nor looks for updates. Its own option for this (an empty news_url)
# still asks.
lab_settings = .venv/share/jupyter/lab/settings
no_news = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}

# The package is installed as editable rather than put on the path, so that its version can be asked
# for as it can where conda or Binder installed it. What builds it stands in the lock with the rest.
# The mark is written last, so a set-up that was cut short is not taken for a finished one.
.venv/ready: requirements.lock pyproject.toml
	$(eval tool := $(or $(find_uv),pip))
	$(eval base := $(find_python_with_$(tool)))
	$(if $(base),,$(error $(no_python)))
	@echo "Making .venv with $(tool) and $(base), once: a few seconds with uv, a few minutes with pip."
	@rm -rf .venv
	@$(venv_with_$(tool)) .venv
	@$(install_with_$(tool)) --require-hashes -r requirements.lock
	@$(install_with_$(tool)) --no-deps --no-build-isolation --editable .
	@mkdir -p $(lab_settings) && echo '$(no_news)' > $(lab_settings)/overrides.json
	@printf '%s' "$(CURDIR)" > $@

# A folder that was moved or copied brings a .venv that still points to the old place.
ifneq "$(shell test -x $(python) && cat .venv/ready 2>/dev/null)" "$(CURDIR)"
.PHONY: .venv/ready
endif
