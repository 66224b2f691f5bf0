"""The way to a batchable API from inside the process that serves it."""

from typing import Any

from starlette.applications import Starlette


class BatchedApi:
    """An API of a BentoML service, called past its HTTP endpoint and into the same batches.

    BentoML forms batches in the endpoint, not in the method. Its own way to get there from inside
    is an HTTP client that talks to the application in this process in JSON, and that fails for good
    after 100 calls (`SessionManager`, _bentoml_impl/client/proxy2.py); a service of its own behind
    `bentoml.depends` has the same client, and cost 1.4 times the CPU a request. So this takes the endpoint's own next step: `ServiceAppFactory.batch_infer`,
    _bentoml_impl/server/app.py of the pinned version.
    """

    def __init__(self, app: Starlette, name: str):
        endpoint = next(route.endpoint for route in app.routes if route.name == name)
        self._factory = endpoint.func.__self__
        self._name = name

    @property
    def batches(self) -> bool:
        """Whether calls are put together."""
        return self._name in self._factory.dispatchers

    async def __call__(self, batch: Any) -> Any:
        """What the API says of a batch; raises ServiceUnavailable when the dispatcher gives it up."""
        if self.batches:
            return await self._factory.batch_infer(self._name, (batch,), {})
        service = self._factory._service_instance
        return await self._factory._to_thread(getattr(service, self._name).local, batch)
