"""`python start.py seeds|tuned`: `bentoml serve` on HOST:PORT, quiet and with nothing left behind."""

import os
import sys
import tempfile

from batching import read_batching

from stackkit.settings import SettingsError, read_settings

FORMS = ("seeds", "tuned")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in FORMS:
        print(f"usage: python start.py {'|'.join(FORMS)}", file=sys.stderr)
        return 2
    try:
        settings = read_settings("bentoml")
        read_batching()
    except SettingsError as error:
        # BentoML would start a worker that cannot start over and over again.
        print(f"error: {error}", file=sys.stderr)
        return 3
    os.environ["BENTOML_DO_NOT_TRACK"] = "1"
    # BentoML keeps the files of its metrics in its home, and empties it of another server's.
    with tempfile.TemporaryDirectory(prefix="bentoml-home-") as home:
        os.environ["BENTOML_HOME"] = home
        serve(arguments[0], settings.host, settings.port)
    return 0


def serve(form: str, host: str, port: int) -> None:
    """Returns after SIGTERM or Ctrl-C, when the worker has ended."""
    # Reads the environment when it is imported.
    from bentoml_cli.cli import cli

    cli(
        ["serve", f"{form}:Classifier", "--host", host, "--port", f"{port}"],
        standalone_mode=False,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
