#!/usr/bin/env bash
# Deploys the stacks: into a Kind cluster, made if it is missing, or into one that runs already.
#   --context NAME   the cluster of that kubectl context; --current-context the one chosen now; else Kind
#   STACK=fastapi    that stack alone, the others scaled to nothing: for a machine with few cores
#   OVERLAY=NAME     another folder of deploy/k8s/overlays, or base (default: kind; in a cluster of yours base)
#   REGISTRY=PREFIX  tags the images PREFIX/servelab/NAME, pushes them, and deploys those
#   TIMEOUT=600s     how long each stack may take to be ready
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
# shellcheck source=scripts/require-tool.sh
. scripts/require-tool.sh

readonly cluster=ml-benchmark namespace=ml-benchmark
# Each has an overlay that runs it alone.
stacks=(deploy/k8s/overlays/sequential/*/)
stacks=("${stacks[@]%/}")
stacks=("${stacks[@]##*/}")

context='' into_kind=yes
case ${1-} in
  --context)
    context=${2-} into_kind=''
    [ -n "$context" ] || fail '--context needs a name' 'kubectl config get-contexts shows them' 2
    ;;
  --current-context)
    require_tool kubectl
    into_kind=''
    context=$(kubectl config current-context) || fail 'no kubectl context is chosen' 'kubectl config use-context NAME'
    ;;
  ?*) fail "there is no option $1" './scripts/deploy-k8s.sh [--context NAME | --current-context]' 2 ;;
esac

if [ -n "${STACK-}" ]; then
  [[ " ${stacks[*]} " == *" $STACK "* ]] || fail "there is no stack \"$STACK\"" "use one of: ${stacks[*]}" 2
  [ -z "${OVERLAY-}" ] || fail 'STACK and OVERLAY cannot go together' 'leave one of them out' 2
  OVERLAY=sequential/$STACK
fi
overlay=${OVERLAY:-${into_kind:+kind}}
case ${overlay:=base} in
  base) folder=deploy/k8s/base ;;
  *) folder=deploy/k8s/overlays/$overlay ;;
esac
[ -f "$folder/kustomization.yaml" ] ||
  fail "there is no overlay \"$overlay\"" "use base, or the name of a folder in deploy/k8s/overlays" 2

require_tool kubectl
manifest=$(mktemp)
trap 'rm -f "$manifest" "$manifest.bak"' EXIT
kubectl kustomize "$folder" >"$manifest"

# running kind | image: of the objects that have pods; a stack that is stopped has none, and needs no image
running() {
  awk -v want="$1" '
    function flush() { if (!stopped) printf "%s", want == "image" ? images : (kind == "Deployment" ? name "\n" : ""); images = name = kind = stopped = "" }
    /^---$/ { flush() } /^kind: / { kind = $2 } /^  name: / { name = $2 } /^  replicas: 0$/ { stopped = 1 }
    / image: / { images = images $NF "\n" } END { flush() }' "$manifest" | sort -u
}
images=$(running image) deployments=$(running kind)

# Kind and a registry get the images from this machine; another cluster is left to fetch them.
if [ -n "$into_kind${REGISTRY-}" ]; then
  require_tool docker
  for image in $images; do
    docker image inspect "$image" >/dev/null 2>&1 ||
      fail "the image $image has not been built" './scripts/build-images.sh, or make setup, which does everything'
  done
fi
if [ -n "$into_kind" ]; then
  require_tool kind
  context=kind-$cluster
  if ! kind get clusters 2>/dev/null | grep -qx "$cluster"; then
    kind create cluster --name "$cluster" --config kind-config.yaml --wait 120s
  fi
  # shellcheck disable=SC2086 # one argument an image
  kind load docker-image --name "$cluster" $images
elif [ -n "${REGISTRY-}" ]; then
  for image in $images; do
    docker tag "$image" "$REGISTRY/$image"
    docker push "$REGISTRY/$image"
  done
  sed -i.bak "s|image: servelab/|image: $REGISTRY/servelab/|" "$manifest"
fi

in_cluster() { kubectl --context "$context" --namespace "$namespace" "$@"; }
not_ready() {
  in_cluster get pods --output wide >&2
  in_cluster get events --field-selector type=Warning >&2
  fail "$1 is not ready" 'see pods and events above; "Insufficient cpu" means too few cores: STACK=servelab runs one stack at a time' 1
}
# What an overlay before this one had and this one has not goes: an autoscaler would go on scaling. Volumes and Jobs stay,
# and all does where the overlay is one of those that are applied beside others, which have no namespace.
prune=()
if grep -q '^kind: Namespace$' "$manifest"; then
  prune=(--prune --selector app.kubernetes.io/part-of=servelab)
  for kind in apps/v1/Deployment autoscaling/v2/HorizontalPodAutoscaler core/v1/Service \
    networking.k8s.io/v1/NetworkPolicy policy/v1/PodDisruptionBudget; do
    prune+=(--prune-allowlist "$kind")
  done
fi
kubectl --context "$context" apply ${prune[@]+"${prune[@]}"} --filename "$manifest"
for deployment in $deployments; do
  in_cluster rollout status "deployment/$deployment" --timeout "${TIMEOUT:-600s}" || not_ready "$deployment"
done
reachable=$deployments
if grep -q '^kind: RayService$' "$manifest"; then
  reachable+=$'\n'rayserve-mobilenet
  in_cluster wait rayservice --all --for condition=Ready --timeout "${TIMEOUT:-600s}" || not_ready 'the RayService'
fi

echo
in_cluster get services --output 'jsonpath={range .items[*]}{.metadata.name} {.spec.ports[0].port} {.spec.ports[0].nodePort}{"\n"}{end}' |
  while read -r name port node_port; do
    if [[ ! "$reachable" =~ (^|$'\n')$name($|$'\n') ]]; then
      continue
    elif [ -z "$node_port" ]; then
      echo "$name: kubectl --context $context -n $namespace port-forward service/$name $port, then http://localhost:$port"
    elif [ -n "$into_kind" ]; then
      # kind-config.yaml maps each node port to the port that the Service has.
      echo "$name: http://localhost:$port"
    else
      echo "$name: http://ADDRESS-OF-A-NODE:$node_port"
    fi
  done
