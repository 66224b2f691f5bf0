#!/usr/bin/env bash
# Builds the images: servelab, every peer, Locust. Names as arguments, or IMAGES="servelab fastapi", for some of them.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/require-tool.sh
. scripts/require-tool.sh

readonly all=(servelab bentoml fastapi rayserve litserve locust)
read -ra names <<<"${*:-${IMAGES:-${all[*]}}}"

require_tool docker
for name in "${names[@]}"; do
  [[ " ${all[*]} " == *" $name "* ]] || fail "there is no image \"$name\"" "use one of: ${all[*]}" 2
done

./scripts/ensure-built.sh
node scripts/image-context.mjs

version=$(node -p "require('./package.json').version")
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
built=()
for name in "${names[@]}"; do
  case $name in
    servelab | locust) file=$name args=() ;;
    *) file=peer args=(--build-arg "PEER=$name") ;;
  esac
  tag=servelab/$name:$version
  echo "building $tag ..."
  docker build --file "deploy/docker/$file.Dockerfile" --tag "$tag" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$revision" "${args[@]}" .
  built+=("$tag")
done

echo
docker image inspect --format '{{index .RepoTags 0}} {{.Size}}' "${built[@]}" |
  awk '{ printf "%-32s %7.0f MB\n", $1, $2 / 1e6 }'
