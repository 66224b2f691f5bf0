#!/usr/bin/env bash
# Every check and test that this machine can run. Ends with "N passed, N failed, N skipped"; what is skipped
# is listed by name with the reason. With paths as arguments, only the tests there.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
./scripts/ensure-built.sh

step() { echo; echo "== $1"; }
step 'format and lint';            ./node_modules/.bin/biome check .
step 'structure';                  node scripts/check-structure.mjs
step 'types of the tests';         ./node_modules/.bin/tsc -p tsconfig.test.json
step 'generated pages of docs/';   node scripts/generate-docs.mjs --check
step 'tests';                      ./node_modules/.bin/vitest run "$@"
