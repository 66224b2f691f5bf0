"""`python start.py seeds|tuned`: Ray Serve on HOST:PORT, in a local Ray of its own, until SIGTERM or Ctrl-C."""

import importlib
import logging
import os
import signal
import sys
import threading

from deployment import read_deployment
from local_ray import local_ray

from stackkit.settings import SettingsError, read_settings

FORMS = ("seeds", "tuned")
APPLICATION = "mobilenet"
# How long requests in flight are waited for.
DRAIN_S = 10

TUNED_ENVIRONMENT = {"RAY_SERVE_HTTP_PROXY_CALLBACK_IMPORT_PATH": "proxy_problems:middlewares"}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in FORMS:
        print(f"usage: python start.py {'|'.join(FORMS)}", file=sys.stderr)
        return 2
    form = arguments[0]
    try:
        settings, deployment = read_settings("rayserve"), read_deployment()
    except SettingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    if form == "tuned":
        os.environ.update(TUNED_ENVIRONMENT)
    with local_ray(deployment):
        return serve_until_told(form, settings.host, settings.port)


def serve_until_told(form: str, host: str, port: int) -> int:
    from ray import serve

    # enable_access_log=False would keep the access log out of Ray's files only: the replicas would still print it.
    quiet = {"log_level": "WARNING"}
    serve.start(
        proxy_location="HeadOnly", http_options={"host": host, "port": port}, logging_config=quiet
    )
    # The proxy's logs and the replicas' are switched apart.
    try:
        serve.run(importlib.import_module(form).app, name=APPLICATION, logging_config=quiet)
    except RuntimeError:
        # It says which deployment failed; why is in the deployment's own words.
        raise RuntimeError(_words_of_deployments()) from None
    print(f"listening http://{host}:{port}", flush=True)
    told = threading.Event()
    # Only now: until it is ready, Ray's own handler ends the program wherever it is.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    told.wait()
    shutdown = threading.Thread(target=serve.shutdown, daemon=True)
    shutdown.start()
    shutdown.join(DRAIN_S)
    return 0


def _words_of_deployments() -> str:
    from ray import serve

    deployments = serve.status().applications[APPLICATION].deployments
    return "\n".join(deployment.message for deployment in deployments.values())


if __name__ == "__main__":
    status = 1
    try:
        status = main(sys.argv[1:])
    except Exception:
        logging.getLogger("rayserve").exception("Ray Serve did not start")
    finally:
        sys.stdout.flush()
        # Past Ray's own exit handlers, which would wait for processes that have ended already.
        os._exit(status)
