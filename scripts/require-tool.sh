# Sourced by the scripts that need tools of others: says which is missing and how to get it, exit code 3.
# shellcheck shell=bash

# fail MESSAGE FIX [EXIT_CODE]
fail() {
  printf 'error: %s\nfix: %s\n' "$1" "$2" >&2
  exit "${3:-3}"
}

# require_tool NAME: it is installed, and docker has an engine that answers
require_tool() {
  local how
  case $1 in
    docker) how='see https://docs.docker.com/get-docker/' ;;
    kind) how='brew install kind, or see https://kind.sigs.k8s.io/docs/user/quick-start/#installation' ;;
    kubectl) how='brew install kubectl, or see https://kubernetes.io/docs/tasks/tools/' ;;
    *) how="install $1" ;;
  esac
  command -v "$1" >/dev/null || fail "$1 is not installed" "$how"
  if [ "$1" = docker ] && ! docker info >/dev/null 2>&1; then
    fail 'no Docker engine answers' 'start Docker Desktop, or: sudo systemctl start docker'
  fi
}
