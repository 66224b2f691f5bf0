#!/usr/bin/env bash
# The seeds' command-line load test: raw results in tmp/loadtest_*.txt, summary in tmp/loadtest_report.md.
#   DURATION_PER_LEVEL  seconds a level (default 10)
#   CONCURRENCY_LEVELS  levels (default "1 5 10 20")
#   STACKS              stacks to test (default: those that answer at their ports; servelab if none does)
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
exec ./servelab loadtest \
  ${DURATION_PER_LEVEL:+--duration-per-level "$DURATION_PER_LEVEL"} \
  ${CONCURRENCY_LEVELS:+--concurrency-levels "$CONCURRENCY_LEVELS"} \
  ${STACKS:+--stacks "$STACKS"}
