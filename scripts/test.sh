#!/usr/bin/env bash
# Every check and test that this machine can run. Ends with "N passed, N failed, N skipped"; what is skipped
# is listed by name with the reason. With paths as arguments, only the tests there.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
./scripts/ensure-built.sh
./scripts/check.sh

echo
echo '== tests'
./node_modules/.bin/vitest run "$@"
