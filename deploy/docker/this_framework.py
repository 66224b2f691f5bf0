"""The entry of this image's framework in stacks/registry.json."""

import json
import os
from pathlib import Path
from typing import Any

# The image has the folders of the checkout.
REGISTRY = Path(__file__).resolve().parents[2] / "stacks" / "registry.json"


def read_framework() -> dict[str, Any]:
    """The entry that the variable PEER names."""
    frameworks = json.loads(REGISTRY.read_text(encoding="utf-8"))["frameworks"]
    return next(entry for entry in frameworks if entry["name"] == os.environ["PEER"])
