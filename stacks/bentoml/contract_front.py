"""servelab's contract before a BentoML service (tuned form)."""

import asyncio

import numpy as np
from batched_api import BatchedApi
from bentoml.exceptions import ServiceUnavailable
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stackkit.answers import read_labels
from stackkit.contract.common_headers import bear, request_id_of
from stackkit.contract.errors_of_routes import code_of, speak_problems
from stackkit.contract.health import health
from stackkit.contract.predict import Front, Inferred, predict
from stackkit.contract.problems import problem
from stackkit.imaging import ImageRefused
from stackkit.settings import read_settings


class ContractFront:
    """ASGI middleware: the contract's routes before BentoML's, and problems in place of its errors.

    An exception must not leave it: BentoML's TimeoutMiddleware, which is outside of it, notices
    nothing but an answer, and would let the client wait until the time is over.
    """

    def __init__(self, app: ASGIApp, api: str):
        self._app = app
        self._api = api
        self._contract: Starlette | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        # The batched API stands behind /predict, never before the public.
        elif scope["path"] in ("/predict", "/health", f"/{self._api}"):
            if self._contract is None:
                self._contract = contract_app(BatchedApi(scope["app"], self._api))
            await self._contract(dict(scope), receive, send)
        else:
            await with_problems(self._app, scope, receive, send)


def contract_app(api: BatchedApi) -> Starlette:
    """The contract's two routes."""

    async def infer(pixels: np.ndarray) -> Inferred:
        try:
            return (await api(pixels[np.newaxis]))[0]
        except ServiceUnavailable:
            # The dispatcher says the same of an image that it sheds and of one whose request is
            # cancelled, because its time is over.
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise asyncio.CancelledError from None
            raise ImageRefused("shed") from None

    front = Front(
        infer=infer,
        labels=read_labels(read_settings("bentoml").labels_path),
        batched_by="by BentoML's CorkDispatcher" if api.batches else "batching is off",
    )

    async def predict_route(request: Request) -> Response:
        return await predict(request, front)

    async def health_route(request: Request) -> Response:
        # BentoML's worker takes connections once the service has been made, with its model.
        return health(request, ready=True)

    app = Starlette(
        routes=[
            Route("/predict", predict_route, methods=["POST"]),
            Route("/health", health_route, methods=["GET"]),
        ]
    )
    speak_problems(app)
    return app


async def with_problems(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Lets the application answer, and says what it refuses in the contract's words."""
    refused: Message | None = None

    async def unless_refused(message: Message) -> None:
        nonlocal refused
        if message["type"] == "http.response.start" and message["status"] >= 400:
            refused = message
        elif refused is None:
            await send(message)

    await app(scope, receive, unless_refused)
    if refused is not None:
        request_id = request_id_of(Request(scope))
        response = bear(problem(code_of(refused["status"]), request_id), request_id)
        allow = MutableHeaders(raw=refused["headers"]).get("allow")
        if allow is not None:
            response.headers["allow"] = allow
        await response(scope, receive, send)
