#!/usr/bin/env bash
# Everything that the benchmark in Kubernetes needs: model, images, Kind cluster, deployment. Arguments and
# variables are those of scripts/deploy-k8s.sh.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/require-tool.sh
. scripts/require-tool.sh

# Before the minutes that the images take.
require_tool docker
require_tool kubectl
[ $# -gt 0 ] || require_tool kind

step() { printf '\n== %s\n' "$1"; }
step 'model';      ./servelab model pull
step 'images';     ./scripts/build-images.sh
step 'deployment'; ./scripts/deploy-k8s.sh "$@"
