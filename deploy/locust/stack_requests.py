"""What is sent to a stack, made before the load starts, and what is held against its answer.

Knows nothing of Locust, so that the tests of the project can ask it what it would send.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

REGISTRY = json.loads(
    (Path(__file__).resolve().parents[2] / "stacks" / "registry.json").read_text(encoding="utf-8")
)
# The port of each stack and the part of the form that it insists on.
STACKS = {
    stack["name"]: (stack["port"], stack["field"])
    for stack in (REGISTRY["servelab"], *REGISTRY["frameworks"])
}
IMAGE_TYPES = {
    ".jpg": "image/jpeg",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jfif": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".avif": "image/avif",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
}


class ImageRequest(NamedTuple):
    body: bytes
    headers: dict[str, str]


def address_of(stack: str) -> str:
    return f"http://127.0.0.1:{STACKS[stack][0]}"


def without_slash(host: str) -> str:
    """`/predict` is added to it."""
    return host.rstrip("/")


def authorization() -> dict[str, str]:
    """A variable of the environment, which neither a list of processes nor the page shows."""
    given = os.environ.get("AUTHORIZATION")
    return {"Authorization": given} if given else {}


def field_for(stack: str | None, host: str | None) -> str:
    """The stack decides; without one the port does, as in the seeds; `file` for strangers."""
    if stack:
        return STACKS[stack][1]
    port = urlsplit(host).port if host else None
    return next((field for known, field in STACKS.values() if known == port), "file")


def image_folder(named: str | None) -> Path:
    """Where nothing is named, the images that `servelab load` sends, which servelab makes once."""
    if named:
        return Path(named)
    for folder in Path(__file__).resolve().parents:
        servelab = folder / "servelab"
        if servelab.is_file():
            made = subprocess.run(
                [servelab, "images"], check=True, stdout=subprocess.PIPE, text=True
            )
            return Path(made.stdout.strip().splitlines()[-1])
    raise FileNotFoundError("no folder of images: name one with --images or in IMAGES")


def read_requests(folder: Path, field: str) -> list[ImageRequest]:
    """As `servelab load --image FOLDER` reads one: packages/cli/src/load/find-images.ts."""
    named = sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in IMAGE_TYPES and not path.name.startswith(".")
    )
    paths = [path for path in named if is_image_file(path)]
    for path in sorted(set(named) - set(paths)):
        print(f"skipped: {path} (empty, or no file that can be read)", file=sys.stderr)
    if not paths:
        raise FileNotFoundError(f"there is no image in {folder}")
    return [image_request(path, field) for path in paths]


def is_image_file(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0 and os.access(path, os.R_OK)


def image_request(path: Path, field: str) -> ImageRequest:
    """The same bytes as from `servelab load`: packages/lab/src/adapters/multipart-body.ts."""
    image = path.read_bytes()
    boundary = f"servelab-{hashlib.sha256(image).hexdigest()[:32]}"
    head = (
        f"--{boundary}\r\n"
        f'content-disposition: form-data; name="{field}"; filename="{path.name}"\r\n'
        f"content-type: {IMAGE_TYPES[path.suffix.lower()]}\r\n\r\n"
    )
    body = head.encode() + image + f"\r\n--{boundary}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Accept": "application/json",
        # Left out, Locust asks for compressed answers, which servelab load does not.
        "Accept-Encoding": "identity",
        **authorization(),
    }
    return ImageRequest(body, headers)


# Of an answer that says that the server has too much to do.
REJECTED = (429, 503)


def fault_of(status: int, content: bytes | None) -> str | None:
    """Why a response is not a right answer; None for a right one.

    It begins with a code in brackets, from which packages/lab/src/imported/files/locust-failures.ts counts.
    """
    if status != 200:
        return f"[{'rejected' if status in REJECTED else 'failed'}] status {status}"
    try:
        answer = json.loads(content or b"")
    except ValueError:
        return "[wrong] the answer is not JSON"
    if isinstance(answer, dict) and "results" in answer:
        answer = answer["results"]
    # BentoML's batchable endpoint answers with a list.
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    try:
        first = answer["predictions"][0]
        return None if isinstance(first["class_id"], int) else "[wrong] the answer has no class"
    except (LookupError, TypeError):
        return "[wrong] the answer has no class"
