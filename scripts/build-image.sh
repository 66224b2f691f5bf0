#!/usr/bin/env bash
# Builds the image that is named, from what scripts/image-context.mjs has laid ready; each line says which image it is of.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

name=$1
case $name in
  servelab | locust | k6) file=$name args=() ;;
  *) file=peer args=(--build-arg "PEER=$name") ;;
esac
version=$(node -p "require('./package.json').version")
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
SECONDS=0
docker build --file "deploy/docker/$file.Dockerfile" --tag "servelab/$name:$version" \
  --build-arg "VERSION=$version" --build-arg "REVISION=$revision" ${args[@]+"${args[@]}"} . 2>&1 |
  awk -v name="$name" '{ print name ": " $0; fflush() }'
echo "$name: built in $SECONDS s"
