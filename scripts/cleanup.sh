#!/usr/bin/env bash
# Removes what setup and the peers have made: Kind cluster, images, Python environments. Asks first.
#   YES=1   does not ask
#   ALL=1   also the results: runs/ and tmp/
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."

readonly cluster=ml-benchmark
cache=${SERVELAB_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/servelab}
has() { command -v "$1" >/dev/null; }

# Found first, so that the question names all of it.
clusters='' images=''
if has kind; then clusters=$(kind get clusters 2>/dev/null | grep -x "$cluster" || true); fi
if has docker && docker info >/dev/null 2>&1; then
  images=$(docker image ls --format '{{.Repository}}:{{.Tag}}' --filter 'reference=servelab/*')
else
  echo 'no Docker engine answers: images and cluster, if there are any, stay'
fi
folders=()
for folder in "$cache/stacks" "$cache/keras" ${ALL:+runs tmp}; do
  if [ -d "$folder" ]; then folders+=("$folder"); fi
done

if [ -z "$clusters$images" ] && [ ${#folders[@]} -eq 0 ]; then
  echo 'nothing to remove'
  exit 0
fi
echo 'This removes:'
for what in $clusters; do echo "  the Kind cluster $what"; done
for what in $images; do echo "  the image $what"; done
for what in ${folders[@]+"${folders[@]}"}; do echo "  the folder $what"; done
[ -n "${ALL-}" ] || echo 'Results (runs/, tmp/) and the model stay; ALL=1 takes the results too.'

if [ -z "${YES-}" ]; then
  # A script has nobody to ask.
  answer=''
  read -r -p 'Go on? [y/N] ' answer || true
  case $answer in
    y | Y | yes) ;;
    *) echo 'nothing was removed; YES=1 goes on without the question'; exit 1 ;;
  esac
fi

for what in $clusters; do kind delete cluster --name "$what"; done
# shellcheck disable=SC2086 # one argument an image
[ -z "$images" ] || docker image rm --force $images
[ ${#folders[@]} -eq 0 ] || rm -rf -- "${folders[@]}"
echo 'done'
