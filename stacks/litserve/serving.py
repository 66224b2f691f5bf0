"""How both forms run LitServe."""

import os
import signal

import litserve as ls

from stackkit.settings import Settings

# The seeds' time-out, which the other stacks have too; LitServe's own default is 30 s.
REQUEST_TIMEOUT_S = 60


def create_server(api: ls.LitAPI, healthcheck_path: str = "/health") -> ls.LitServer:
    """One process with the model, on the CPU."""
    return ls.LitServer(
        api, accelerator="cpu", timeout=REQUEST_TIMEOUT_S, healthcheck_path=healthcheck_path
    )


def run(server: ls.LitServer, settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM; then no process is left, nor a socket of theirs in /tmp."""
    _end_in_order_on_sigterm()
    server.run(
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        generate_client_file=False,
    )


def _end_in_order_on_sigterm() -> None:
    # LitServe does so for Ctrl-C alone: ended by SIGTERM, its processes would lose their parent.
    main = os.getpid()

    def interrupt(*_: object) -> None:
        # What it forks inherits this, and is ended by the main process when its turn comes.
        if os.getpid() == main:
            raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
