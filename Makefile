# The commands of this repository; `make help` lists them. Each is one line of Python underneath.
PYTHON ?= python3
VENV ?= .venv
RUN = $(VENV)/bin/python
# What a shell holds for another Python, or another virtual environment, is not for this project's. The last one, which
# images of containers set, lets every process compile a quarter of a million lines of Pulumi's packages anew.
unexport PYTHONHOME PYTHONPATH PYTHONSAFEPATH PYTHONOPTIMIZE PYTHONWARNINGS PYTHONDONTWRITEBYTECODE
# A virtual environment whose Python has gone since, as a package manager's does with an upgrade, is made anew.
ifneq ($(wildcard $(VENV)/.ready $(VENV)/.program),)
ifneq ($(shell $(RUN) -I -c 'print("runs")' 2>/dev/null),runs)
$(shell rm -f $(VENV)/.ready $(VENV)/.program)
endif
endif
# Nothing but the program's packages, where `make program` made the environment of these: a job that deploys or writes.
PROGRAM = $(or $(wildcard $(VENV)/.program),$(VENV)/.ready)

# Another stack than the laptop's, whose environment `local` starts.
OWN_STACK = $(filter-out local,$(value STACK))

.DEFAULT_GOAL := help
.PHONY: help check checks ready schema up preview refresh destroy down adopt takeover compare heal release shard manifests status env test tools lint format lock tenant rehearse policy protection

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/; s/\$$\$$/$$/' | expand -t 12

check: $(PROGRAM) ## check the files of every stack, or of STACK=…, without engine, cluster or secrets
	@$(RUN) -m operations.check $${STACK:+"$$STACK"}

checks: $(PROGRAM) ## list every check and the file it is in
	@$(RUN) -m operations.check --list

schema: $(VENV)/.ready ## bring config/schema/, docs/reference.md and the contract's assumptions up to date
	@$(RUN) -m settings.reference.json_schema
	@$(RUN) -m settings.reference.reference
	@$(RUN) -m local.emulator.configuration.assumption_page

ready: $(PROGRAM) ## say what is missing before the first deploy of STACK=…, each with the command that mends it
	@$(RUN) -m operations ready

tenant: $(VENV)/.ready ## write a new tenant's file: NAME=acme STACK=prod [COMPANY='Acme Inc.'] [DOMAIN=acme.example]
	@$(RUN) -m operations tenant

rehearse: $(VENV)/.ready ## try a change of STACK=prod out, from [BASE=main] on: what it would do, as a comment in .rehearsal/
	@$(RUN) -m rehearsal

policy: $(PROGRAM) policy/.venv/.ready ## preview STACK=prod with the policies of policy/; needs the official Pulumi
	@$(RUN) -m operations policy

up: $(if $(OWN_STACK),$(PROGRAM),$(VENV)/.ready) ## set everything up on this machine and deploy; STACK=… deploys another stack, where anything changed
	@$(RUN) -m $(if $(OWN_STACK),operations.deployment,local) up

preview: $(PROGRAM) ## show what differs in the files, what changes, what restarts; STACK=… previews another stack than the local one
	@$(RUN) -m $(if $(value STACK),operations,local) preview

refresh: $(VENV)/.ready ## read back what exists and show what differs from the state
	@$(RUN) -m local refresh

destroy: $(VENV)/.ready ## remove the local stack's resources; companies stay with the API, as on a real server
	@$(RUN) -m local destroy

down: $(VENV)/.ready ## remove all that was made here, and nothing else
	@$(RUN) -m local down

protection: $(PROGRAM) ## say which settings of REPOSITORY=owner/name on GitHub are not as docs/github.md asks
	@$(RUN) -m operations protection

adopt: $(VENV)/.ready ## write down, as the files of STACK=prod, what runs already; changes nothing: [CONTEXT=kind-clearml,kind-gpu]
	@$(RUN) -m operations adopt

takeover: $(PROGRAM) ## let the state of STACK=prod know what runs already and is named in takeOver; a deploy then changes it in place
	@$(RUN) -m operations takeover

heal: $(PROGRAM) ## put right what a run that died left of Helm releases; STACK=… heals another stack than the local one
	@$(RUN) -m $(if $(value STACK),operations,local) heal

release: $(PROGRAM) ## take a tenant out of this program's hands, running as it is: STACK=prod TENANT=acme
	@$(RUN) -m operations release

shard: $(PROGRAM) ## move a tenant, file and state, to a shard of its environment: STACK=prod TENANT=acme SHARD=01
	@$(RUN) -m operations shard

manifests: $(PROGRAM) ## write what the Pulumi Kubernetes Operator deploys STACK=prod by: REPOSITORY=https://… [NAMESPACE=…] [PREVIEW=true]
	@$(RUN) -m operations manifests

compare: $(PROGRAM) ## fail if an object of a release of STACK=… was deleted or changed since it was deployed
	@$(RUN) -m operations compare

status: $(PROGRAM) ## show what runs, what is deployed and how it is; STACK=… shows how another stack's workers are
	@$(RUN) -m $(if $(value STACK),operations,local) status

env: $(VENV)/.ready ## variables for pulumi, helm and kubectl: eval "$$(make env)"
	@$(RUN) -m local env

test: lint tools ## lint, types and every test
	@$(RUN) -m pytest

# Steps of the workflows in .github/: what each takes from variables is in operations/github/workflow.py.
.PHONY: packages program policies newest summary affected proposal review inputs due record ring comment shards drift broken kubeconfig
packages: $(VENV)/.ready

program: $(or $(wildcard $(VENV)/.ready),$(VENV)/.program)

policies: policy/.venv/.ready

# Before any package is installed: it decides whether there is anything to do.
newest:
	@$(PYTHON) -m operations.github.newest

# Where no package is needed none is installed.
summary:
	@$(PYTHON) -m operations.github.shard_summary

affected proposal inputs due record ring comment shards drift broken kubeconfig: $(PROGRAM)
	@$(RUN) -m operations $@

review: $(PROGRAM) policy/.venv/.ready
	@$(RUN) -m operations review

.PHONY: bench nightly witness
bench: tools ## measure every promised figure; with TENANTS=1,10,100 LATENCY=0.05 how runs grow, into docs/performance.md
	@$(RUN) -m $(if $(value TENANTS),tests.bench.growth,tests.bench)

witness: $(VENV)/.ready ## compare with ClearML's public charts, from the chart repository PUBLIC_CHARTS_REPOSITORY=https://…
	@PUBLIC_CHARTS_REPOSITORY="$${PUBLIC_CHARTS_REPOSITORY:-}" $(RUN) -m tests.witness

nightly: $(VENV)/.ready ## play a thousand histories against a model; kill ten bulk runs of a thousand tenants (two hours)
	@HISTORIES=1000 MANY=1000 SEED=$$(date +%Y%m%d)00 $(RUN) -m pytest -n 0 -q -s \
		tests/api/histories/test_any_history.py tests/api/shards/test_kills.py

tools: $(VENV)/.ready ## install or build the tools, as every other command does when it needs them
	@$(RUN) -m local tools

lint: $(VENV)/.ready ## formatting, lint rules, strict types, and that imports point one way
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy .
	@$(VENV)/bin/lint-imports --no-logo
	@$(VENV)/bin/zizmor --offline --quiet .github

format: $(VENV)/.ready ## format, and mend what lint can mend
	@$(RUN) -m ruff format .
	@$(RUN) -m ruff check --fix .

lock: $(VENV)/.ready ## lock requirements*.in anew, with hashes
	@for file in requirements requirements-dev local/toolchain/requirements-go policy/requirements; do \
		$(RUN) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --no-annotate $$file.in --output-file $$file.txt; done

policy/.venv/.ready: policy/requirements.txt
	@$(PYTHON) -m venv policy/.venv
	@policy/.venv/bin/pip install --quiet --require-hashes --requirement policy/requirements.txt
	@touch $@

$(VENV)/.ready: requirements-dev.txt local/bootstrap.py
	@$(PYTHON) local/bootstrap.py $(VENV)

$(VENV)/.program: requirements.txt local/bootstrap.py
	@$(PYTHON) local/bootstrap.py $(VENV) program
