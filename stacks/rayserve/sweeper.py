"""Outlives a local Ray for a moment, to end what is left of it and to remove its folder.

Ray's processes end with the program that started them, but some only after a while, and its folder stays: also
when that program was killed and can do nothing any more. This one is started beside it, in a session of its own,
and reads from a pipe whose other end only that program holds: the end of file says that it has gone.
"""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

# In the environment of every process of one local Ray: the path of its folder.
MARK = "SERVELAB_RAY_FOLDER"

POLL_S = 0.05
PATIENCE_S = 10


def main(folder: str) -> None:
    # Whoever ends everything at once must not end this before it has done its work.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.buffer.read()
    deadline = time.monotonic() + PATIENCE_S
    while (pids := marked_processes(folder)) and time.monotonic() < deadline:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(POLL_S)
    shutil.rmtree(folder, ignore_errors=True)


def marked_processes(folder: str) -> list[int]:
    """Those of the Ray whose folder it is; [] without /proc, where Ray's own reaper ends them."""
    mark = f"{MARK}={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
        except OSError:
            continue  # another user's, or gone
        if mark in environment.split(b"\0"):
            found.append(int(process.name))
    return found


if __name__ == "__main__":
    main(sys.argv[1])
