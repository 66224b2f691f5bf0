#!/usr/bin/env bash
# The checks that run nothing of servelab: format, lint, structure, types, generated pages, prose, API reference.
# Expects a build; `make lint` and `make test` make one.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

step() { echo; echo "== $1"; }
step 'format and lint';            ./node_modules/.bin/biome check .
step 'structure';                  node scripts/check-structure.mjs
step 'types of the tests';         ./node_modules/.bin/tsc -p tsconfig.test.json
step 'generated pages of docs/';   node scripts/generate-docs.mjs --check
step 'prose';                      node scripts/check-prose.mjs
