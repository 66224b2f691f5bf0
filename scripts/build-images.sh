#!/usr/bin/env bash
# Builds the images: servelab, every peer, Locust and k6. Names as arguments, or IMAGES="servelab fastapi", for some of
# them; JOBS=1 for one at a time instead of two.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/require-tool.sh
. scripts/require-tool.sh

frameworks=$(node -p 'require("./stacks/registry.json").frameworks.map(({ name }) => name).join(" ")')
read -ra all <<<"servelab $frameworks locust k6"
read -ra names <<<"${*:-${IMAGES:-${all[*]}}}"

require_tool docker
for name in "${names[@]}"; do
  [[ " ${all[*]} " == *" $name "* ]] || fail "there is no image \"$name\"" "use one of: ${all[*]}" 2
done

./scripts/ensure-built.sh
node scripts/image-context.mjs
printf '%s\n' "${names[@]}" | xargs -n 1 -P "${JOBS:-2}" ./scripts/build-image.sh ||
  fail 'not every image was built' 'its lines above say why; IMAGES="..." builds the rest again' 1

version=$(node -p "require('./package.json').version")
echo
for name in "${names[@]}"; do
  docker image inspect --format '{{index .RepoTags 0}} {{.Size}}' "servelab/$name:$version"
done | awk '{ printf "%-32s %7.0f MB\n", $1, $2 / 1e6 }'
