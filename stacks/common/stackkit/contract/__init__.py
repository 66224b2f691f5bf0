"""The HTTP contract of servelab (docs/http.md), for stacks in their tuned form."""
