"""So that `locust` finds the load test in this folder, as in the seeds: it lies in deploy/locust."""

from deploy.locust.locustfile import *  # noqa: F403
