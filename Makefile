# The one way in. Each target is a line over a program of scripts/ or an npm script; what the machine lacks is named, never installed.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := --norc -euo pipefail -c
.DEFAULT_GOAL := help

OVERLAY ?=
TO ?=
NODE ?=
IMAGE ?=
ARGS ?=
LAB := test/lab/lab
run := npm run --silent
# Without npm and tsx's own command line before it, which take longer than the program.
script := node --require tsx/cjs scripts

export CLUSTER FORM YES FORCE TIMEOUT NAMESPACE REVOKE AUTHORITY SNAPSHOT RECIPIENT FILE IDENTITY

##@ Manifests

.PHONY: render rendered grafana-dashboard
render: node_modules ## Print an overlay's manifests: make render OVERLAY=prod
	@$(script)/render.ts "$(OVERLAY)"

rendered: node_modules ## Renew rendered/, the committed manifests of every overlay
	@$(script)/rendered.ts

grafana-dashboard: node_modules ## Renew the file of Grafana's dashboard from its code, components/grafana-dashboard
	@$(run) dashboard:grafana

##@ Cluster (the one that kubectl's current context names)

.PHONY: doctor status diff deploy rotate upgrade-check expand-storage replace-node capacity undeploy
doctor: node_modules ## Check that the cluster fits an overlay, and that what runs is well: make doctor OVERLAY=prod
	@$(script)/doctor.ts "$(OVERLAY)"

status: node_modules ## Show each node, what it is at, and what it waits for: make status OVERLAY=prod
	@$(script)/status.ts "$(OVERLAY)"

diff: node_modules ## Show what a deploy would change: make diff OVERLAY=prod
	@$(script)/diff.ts "$(OVERLAY)"

deploy: node_modules ## Apply an overlay and wait until it is green: make deploy OVERLAY=dev
	@$(script)/deploy.ts "$(OVERLAY)"

rotate: node_modules ## Give all users new passwords, and the nodes a new certificate: make rotate OVERLAY=prod
	@$(script)/rotate.ts "$(OVERLAY)"

upgrade-check: node_modules ## Look at all that an upgrade needs; changes nothing: make upgrade-check OVERLAY=prod TO=9.5.5
	@$(script)/upgrade-check.ts "$(OVERLAY)" "$(TO)"

expand-storage: node_modules ## Make the nodes' disks as large as the overlay says, no pod restarts: make expand-storage OVERLAY=prod
	@$(script)/expand-storage.ts "$(OVERLAY)"

replace-node: node_modules ## Give a node an empty disk, and its data from the others: make replace-node OVERLAY=prod NODE=elasticsearch-1
	@$(script)/replace-node.ts "$(OVERLAY)" "$(NODE)"

capacity: node_modules ## Work out nodes, disks and memory: make capacity REVIEWS=40000 (a day); docs/capacity.md has all inputs
	@$(script)/capacity.ts

undeploy: node_modules ## Remove an overlay, and say what happens to its data: make undeploy OVERLAY=dev
	@$(script)/undeploy.ts "$(OVERLAY)"

##@ Reviews

.PHONY: demo dashboard erase
demo: node_modules ## A cluster if there is none, dev in it if needed, sample reviews in that, three questions
	@$(run) demo

erase: node_modules ## Erase one customer's reviews and prove that none is left; asks for the id: make erase OVERLAY=prod
	@$(script)/erase.ts "$(OVERLAY)"

dashboard: node_modules ## Draw the dashboard from the reviews in the cluster, without Kibana (NAMESPACE, default reviews-dev)
	@$(run) dashboard

##@ Backups (of an overlay with components/snapshots-fs or -s3)

.PHONY: restore restore-drill save-secrets restore-secrets
restore-drill: node_modules ## Prove that the newest snapshot can be restored, beside the live data: make restore-drill OVERLAY=prod
	@$(script)/restore-drill.ts "$(OVERLAY)"

restore: node_modules ## Restore the reviews into a cluster without any, newest good snapshot or SNAPSHOT=NAME: make restore OVERLAY=prod
	@$(script)/restore.ts "$(OVERLAY)"

save-secrets: node_modules ## Write passwords and authority into an encrypted file: make save-secrets OVERLAY=prod RECIPIENT=age1…
	@$(script)/save-secrets.ts "$(OVERLAY)"

restore-secrets: node_modules ## Put them back, before a deploy: make restore-secrets OVERLAY=prod FILE=… IDENTITY=key.txt
	@$(script)/restore-secrets.ts "$(OVERLAY)"

##@ Function

.PHONY: build image image-push bench fuzz coverage
build: node_modules ## Build the function's bundle
	@$(run) build

image: node_modules ## Build the function's image
	@$(script)/image.ts

image-push: node_modules ## Publish the function's image: make image-push IMAGE=registry.example/topology:0.1.0
	@$(script)/image.ts --push "$(IMAGE)"

bench: node_modules ## Measure the function's speed, as ratios
	@$(run) bench

fuzz: node_modules ## Run the function on 100,000 generated inputs
	@$(run) fuzz

coverage: node_modules ## Print the function's test coverage
	@$(run) coverage

##@ Tests

.PHONY: test test-cluster test-cluster-full test-safeguards
test: node_modules ## Run every test that needs no cluster; ARGS goes to jest: make test ARGS=test/render
	@$(run) test -- $(ARGS)

test-cluster: node_modules ## Deploy both overlays to a real Kubernetes on this machine and use them
	@$(run) test:cluster -- $(ARGS)

test-cluster-full: node_modules ## The same, with the long failure runs
	@$(run) test:cluster:full -- $(ARGS)

test-safeguards: node_modules ## Take each safeguard away in turn: its scenario must fail
	@$(run) test:cluster:safeguards -- $(ARGS)

.PHONY: contract
contract: node_modules ## Does an image keep to what the manifests rely on? make contract IMAGE=docker.elastic.co/elasticsearch/elasticsearch:9.5.3
	@$(run) contract -- "$(IMAGE)"

##@ Style

.PHONY: format lint
format: node_modules ## Format TypeScript and bash; ARGS names files and folders, without it all
	@$(script)/format.ts $(ARGS)

lint: node_modules ## Check form, types, imports, unused code, scripts, pages and links; ARGS names checks, without it all
	@$(script)/lint.ts $(ARGS)

##@ Lab: a real Kubernetes on this Linux machine, for those who have no cluster

.PHONY: lab lab-down
lab: node_modules ## Start it and leave it running
	@$(LAB) check
	@$(LAB) build
	@$(LAB) image
	@$(LAB) up 3
	@echo 'Running. For kubectl and make deploy:  eval "$$($(LAB) env)"'

lab-down: ## Stop it and remove every trace of it
	@$(LAB) down

##@ Help

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\n%s\n' 'Settings'
	@printf '  %-18s %s\n' 'FORM=exec' 'render without Docker, although an engine has the image (or FORM=container)' \
	  'CLUSTER=lab' 'demo starts the lab, or =kind kind, or =current neither; test-cluster uses the =current one' \
	  'KUBERNETES=1.35' 'the release in the lab: a folder of test/lab/kubernetes/k8s' \
	  'TIMEOUT=900' 'seconds that deploy and rotate wait' 'FORCE=1' 'deploy takes over fields that others have changed; restore takes a snapshot that is not good; save-secrets saves where some are lost' \
	  'SNAPSHOT=NAME' 'restore takes that one' \
	  'YES=1' 'undeploy does not ask; YES=NAMESPACE where it deletes data' 'REVOKE=1' 'rotate ends old passwords at once' 'AUTHORITY=1' 'rotate makes a new authority too'
	@echo; echo 'OVERLAY is a folder under overlays/: $(patsubst overlays/%/kustomization.yaml,%,$(sort $(wildcard overlays/*/kustomization.yaml)))'

# The versions that every package of package.json takes, as its "engines" say.
node_versions := 20.19, 22.13, 24 or newer

# What the tests and scripts need is installed once, and again when the lock file changes.
node_modules: package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { echo 'Missing: Node.js $(node_versions) with npm, on PATH' >&2; exit 1; }
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major >= 24 || (major === 22 && minor >= 13) || (major === 20 && minor >= 19) ? 0 : 1)' \
	  || { echo "Node.js must be $(node_versions), but is $$(node --version)" >&2; exit 1; }
	@echo 'Installing npm packages …' >&2
	@npm ci --no-audit --no-fund >&2
	@touch node_modules
