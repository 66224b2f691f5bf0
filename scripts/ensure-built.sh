#!/usr/bin/env bash
# Installs the locked dependencies and builds, each only when something changed since the last time.
# The GPU libraries that onnxruntime-node would download are not needed: its install script is skipped.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export ONNXRUNTIME_NODE_INSTALL=skip

if ! command -v node >/dev/null; then
  echo 'error: node is not installed'; echo 'fix: install Node 20.19 or newer from https://nodejs.org'; exit 3
fi
if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
  echo "error: node $(node --version) is too old"; echo 'fix: install Node 20.19 or newer from https://nodejs.org'; exit 3
fi

# Two commands started at once must not install or build over each other.
mkdir -p .servelab
if command -v flock >/dev/null; then exec 9>.servelab/build.lock; flock 9; fi

if [ ! -f node_modules/.servelab-installed ] || ! cmp -s package-lock.json node_modules/.servelab-installed; then
  echo 'installing dependencies (once) ...'
  npm ci --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.servelab-installed
fi

stamp=.servelab/built
if [ ! -f "$stamp" ] || [ ! -f packages/cli/dist/main.js ] ||
  [ -n "$(find packages tsconfig.json tsconfig.base.json package-lock.json \
    -name node_modules -prune -o -name dist -prune -o -type f -newer "$stamp" -print -quit)" ]; then
  echo 'building ...'
  touch "$stamp.next" # before the build: a file saved meanwhile is newer
  npm run --silent build
  mv "$stamp.next" "$stamp"
fi
