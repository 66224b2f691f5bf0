#!/usr/bin/env bash
# Smoke test of the images (the seeds' name for it): names as arguments, or IMAGES="servelab fastapi"; all of them otherwise.
set -euo pipefail
read -ra names <<<"${*:-${IMAGES:-}}"
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../servelab" smoke "${names[@]}"
