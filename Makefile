# The short way to everything. `make` alone shows this help; options of the commands: ./servelab --help
.DEFAULT_GOAL := help
SHELL := bash
export ONNXRUNTIME_NODE_INSTALL := skip

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: bench
bench: ## Compare ways of batching on real photographs; ends in a report (STACKS=all PROFILE=full for more; ARGS="--repeats 3")
	@./servelab bench --profile $(or $(PROFILE),quick) $(if $(STACKS),--stacks $(STACKS)) $(ARGS)

.PHONY: peers
peers: ## Install the frameworks to compare with (needs Python 3.11 or uv)
	@./servelab stacks setup

.PHONY: loadtest
loadtest: ## Load-test what answers at its port: tmp/loadtest_report.md (DURATION_PER_LEVEL, CONCURRENCY_LEVELS, STACKS)
	@./scripts/automated-loadtest.sh

.PHONY: locust
locust: ## The same through Locust (UI=1: its page on port 8089; URL, STACK, LOCUST_PROCESSES): tmp/locust_*
	@./scripts/automated-loadtest.sh --tool locust

.PHONY: k6
k6: ## The same through k6, which must be on the PATH (RATES="20 40": open loops; URL, STACK): tmp/k6_*
	@./scripts/automated-loadtest.sh --tool k6

.PHONY: setup
setup: ## Model, images, Kind cluster and all stacks in it (STACK=fastapi for one at a time)
	@./scripts/setup.sh

.PHONY: deploy
deploy: ## Deploy into Kind, or with CONTEXT=name into that cluster (STACK, OVERLAY, REGISTRY)
	@./scripts/deploy-k8s.sh $(if $(CONTEXT),--context $(CONTEXT))

.PHONY: cleanup
cleanup: ## Remove Kind cluster, images and Python environments, after a question (YES=1; ALL=1 for results too)
	@./scripts/cleanup.sh

.PHONY: build
build: ## Build the images: servelab, the peers, Locust, k6 (IMAGES="servelab fastapi" for some); needs Docker
	@./scripts/build-images.sh

.PHONY: smoke
smoke: ## Run each image as its Kubernetes manifest says, and check it (IMAGES=... for some); needs Docker
	@./scripts/test-containers.sh

.PHONY: serve
serve: ## Serve the model on port 8080 until Ctrl-C
	@./servelab serve

.PHONY: test
test: ## Install what is needed and run every check and test that this machine can run (TESTS=packages/core for some)
	@./scripts/test.sh $(TESTS)

.PHONY: release-check
release-check: compile ## Pack the packages and use them from an empty folder: serve, bench, types (needs a package registry)
	@node scripts/release-check.mjs

.PHONY: lint
lint: compile ## Run the checks of make test, without its tests
	@./scripts/check.sh

# The tests in parts, for CI; the oracles run in `make test`, which wants a quiet machine for them.
.PHONY: test-unit
test-unit: compile ## Test the packages by themselves
	@./node_modules/.bin/vitest run packages/

.PHONY: test-contract
test-contract: compile ## Test servers over HTTP: contract, faults, frameworks (make peers installs these)
	@./node_modules/.bin/vitest run test/contract/ test/faults/ test/peers/ test/real-weights test/stacks-python

.PHONY: test-attacks
test-attacks: compile ## Test with hostile clients, servers and files, and fuzz for some seconds
	@./node_modules/.bin/vitest run test/attacks/

.PHONY: test-e2e
test-e2e: compile ## Test the command line from end to end
	@./node_modules/.bin/vitest run test/e2e/

.PHONY: test-docs
test-docs: compile ## Test what the pages and workflows promise
	@./node_modules/.bin/vitest run test/docs/ test/regular-expressions

.PHONY: test-deploy
test-deploy: compile ## Test manifests and scripts, and images where Docker has them (make build)
	@./node_modules/.bin/vitest run test/deploy/

.PHONY: coverage
coverage: compile ## Measure what the tests of the packages and of the contract cover: coverage/index.html
	@npm run --silent coverage
	@node scripts/coverage-table.mjs

.PHONY: api-docs
api-docs: compile ## Write the reference of the packages' exports: tmp/api/index.html
	@npm run --silent api-docs

.PHONY: test-oracles
test-oracles: compile ## Hold the lab against theory and other load generators, long: some 14 minutes (ORACLES=lindley for a part)
	@SERVELAB_ORACLES=long ./node_modules/.bin/vitest run --project alone \
	  $(if $(ORACLES),$(ORACLES:%=test/oracles/%.test.ts),test/oracles/)

.PHONY: fuzz
fuzz: compile ## Send anything to everything that reads what strangers send (DURATION=60m; SEED, TARGET, CASE to repeat)
	@node scripts/fuzz.mjs $(if $(DURATION),--duration $(DURATION)) $(if $(SEED),--seed $(SEED)) \
	  $(if $(TARGET),--target $(TARGET)) $(if $(CASE),--case $(CASE))

.PHONY: format
format: compile ## Format and lint, mending what can be mended
	@npm run --silent format

.PHONY: docs
docs: compile ## Write the generated pages of docs/ again
	@node scripts/generate-docs.mjs

.PHONY: compile
compile: ## Install and compile (every other target does so by itself)
	@./scripts/ensure-built.sh

.PHONY: clean
clean: ## Remove what was built, installed and measured here (not the model cache)
	@rm -rf node_modules packages/*/node_modules packages/*/dist packages/*/*.tsbuildinfo .servelab tmp runs
	@echo 'removed builds, dependencies and runs'
