"""The HTTP contract of servelab (docs/routes.md), for stacks in their tuned form."""
