"""What the environment tells a stack: the same names for the lab, the images and a person."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

REGISTRY = Path(__file__).resolve().parents[2] / "registry.json"


class SettingsError(Exception):
    """A variable is missing or cannot be understood; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    # .keras for the seeds' form; for the tuned one .onnx, which takes uint8 [N, 224, 224, 3] and
    # gives probabilities [N, 1000].
    model_path: Path
    # One label a line, 1000 of them.
    labels_path: Path
    host: str
    port: int
    # Images a batch; 1 switches batching off.
    max_batch_size: int


def read_settings(framework: str) -> Settings:
    """Of a framework by its name in the registry, which has its port; raises SettingsError."""
    return Settings(
        model_path=_existing_file("MODEL_PATH"),
        labels_path=_existing_file("LABELS_PATH"),
        host=os.environ.get("HOST", "127.0.0.1"),
        port=_port(framework),
        max_batch_size=integer("MAX_BATCH_SIZE", 8, minimum=1),
    )


def _port(framework: str) -> int:
    """PORT, or the one of the registry, which need not be there where PORT is set."""
    if os.environ.get("PORT", "") != "":
        return integer("PORT", 0)
    frameworks = json.loads(REGISTRY.read_text(encoding="utf-8"))["frameworks"]
    return next(entry["port"] for entry in frameworks if entry["name"] == framework)


def integer(name: str, default: int, minimum: int = 0) -> int:
    """A whole number from the environment; raises SettingsError."""
    value = number(name, default, minimum)
    if value != int(value):
        raise SettingsError(f"{name} is {value}: give a whole number")
    return int(value)


def number(name: str, default: float, minimum: float = 0) -> float:
    """A number from the environment; raises SettingsError."""
    text = os.environ.get(name, "")
    if text == "":
        return default
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(f'{name} is "{text}": give a number') from None
    if not minimum <= value < float("inf"):
        raise SettingsError(f"{name} is {text}: give at least {minimum}")
    return value


def _existing_file(name: str) -> Path:
    path = Path(os.environ.get(name, ""))
    if not path.is_file():
        raise SettingsError(
            f'{name} is "{os.environ.get(name, "")}", which is not a file: '
            'name one, or start the stack with "servelab stacks start", which sets it'
        )
    return path
