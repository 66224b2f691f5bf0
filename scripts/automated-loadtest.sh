#!/usr/bin/env bash
# The seeds' command-line load test: raw results in tmp/loadtest_*.txt, summary in tmp/loadtest_report.md.
# With --tool locust or --tool k6 these tools send, and their result files in tmp/ are imported.
#   DURATION_PER_LEVEL  seconds a level (default 10)
#   CONCURRENCY_LEVELS  levels (default "1 5 10 20")
#   STACKS, STACK       stacks to test (default: those that answer at their ports; servelab if none does)
#   URL                 with a tool: the one server to test; FIELD is the part of its form
#   RATES               with k6: open loops at these rates, instead of the levels
#   LOCUST_PROCESSES    with Locust: processes that send
#   UI                  with Locust: 1 for its page on port 8089
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
STACKS="${STACKS:-${STACK:-}}"
if [ "${UI:-0}" = 0 ]; then UI=''; fi
exec ./servelab loadtest "$@" \
  ${DURATION_PER_LEVEL:+--duration-per-level "$DURATION_PER_LEVEL"} \
  ${CONCURRENCY_LEVELS:+--concurrency-levels "$CONCURRENCY_LEVELS"} \
  ${STACKS:+--stacks "$STACKS"} \
  ${URL:+--target-url "$URL"} \
  ${FIELD:+--field "$FIELD"} \
  ${RATES:+--rates "$RATES"} \
  ${LOCUST_PROCESSES:+--locust-processes "$LOCUST_PROCESSES"} \
  ${UI:+--ui}
