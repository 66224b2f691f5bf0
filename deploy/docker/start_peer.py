"""Starts the framework of an image in the form that FORM names, as the lab does it outside of an image."""

import os
import sys

from this_framework import read_framework

MODELS = {"seeds": "/model/mobilenet_v2.keras", "tuned": "/model/f32.onnx"}


def main() -> int:
    form = os.environ["FORM"]
    if form not in MODELS:
        print(f'error: FORM is "{form}"\nfix: FORM=tuned or FORM=seeds', file=sys.stderr)
        return 2
    framework = read_framework()
    os.environ.setdefault("MODEL_PATH", MODELS[form])
    os.environ.setdefault("PORT", str(framework["port"]))
    values = {"form": form, "host": os.environ["HOST"], "port": os.environ["PORT"]}
    command = [word.format(**values) for word in framework["command"]]
    os.execvp(command[0], command)


if __name__ == "__main__":
    sys.exit(main())
