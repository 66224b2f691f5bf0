"""Makes Ray Serve's proxy, which stands before the replicas, keep to the contract too (tuned form)."""

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stackkit.contract.common_headers import bear, request_id_of
from stackkit.contract.problems import problem

# What the proxy answers itself, in plain text. It knows no route but the application's, which takes every
# path: so its 404 means that the application has not been deployed yet.
_CODES = {404: "not_ready", 408: "deadline_exceeded", 503: "not_ready"}


def middlewares() -> list[Middleware]:
    """Called by the proxy: RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH names it."""
    return [Middleware(ProxyProblems)]


class ProxyProblems:
    """The outermost layer: one sane x-request-id a request, and problems in place of the proxy's own errors."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_of(Request(scope))
        MutableHeaders(scope=scope)["x-request-id"] = request_id
        # Of the response; 500 while there is none, for the proxy gives none when a replica dies.
        status = 500
        from_replica = False

        async def send_unless_own_error(message: Message) -> None:
            nonlocal status, from_replica
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                # The replica's errors bear it, the proxy's do not.
                from_replica = status < 400 or "server-timing" in headers
                # The proxy has added a second one.
                headers["x-request-id"] = request_id
            if from_replica:
                await send(message)

        await self._app(scope, receive, send_unless_own_error)
        if not from_replica:
            response = problem(_CODES.get(status, "internal_error"), request_id)
            await bear(response, request_id)(scope, receive, send)
