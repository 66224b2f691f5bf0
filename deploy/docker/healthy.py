"""Exit code 0 where the peer of this image can answer: asked by Docker's health check, without curl in the image."""

import os
import sys
import urllib.request

PORTS = {"bentoml": 3000, "fastapi": 8000, "rayserve": 31800, "litserve": 3400}


def main() -> int:
    peer = os.environ["PEER"]
    # In the seeds' form BentoML's own routes are POST; its probe is a GET.
    path = "/readyz" if peer == "bentoml" and os.environ["FORM"] == "seeds" else "/health"
    port = os.environ.get("PORT", PORTS[peer])
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


sys.exit(main())
