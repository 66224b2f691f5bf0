"""A Ray of this program's own, on ports and in a folder of its own, of which nothing remains afterwards."""

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deployment import Deployment
from sweeper import MARK

# Requests do not go through the object store unless they are large; by default it would be 30 % of the memory.
OBJECT_STORE_BYTES = 100 * 1024 * 1024
# A socket's path has at most 104 bytes on macOS and 108 on Linux; Ray appends up to 70 to its folder.
LONGEST_TEMP_FOLDER = 20

# Ray's processes read these when they start.
RAY_ENVIRONMENT = {
    # More time than by default, 5 and 10 s, which a busy machine needs: Ray would replace a proxy that is late,
    # again and again.
    "RAY_SERVE_PROXY_READY_CHECK_TIMEOUT_S": "60",
    "RAY_SERVE_PROXY_HEALTH_CHECK_TIMEOUT_S": "60",
    # A model that could not be loaded once is not tried twice more.
    "RAY_SERVE_MAX_PER_REPLICA_RETRY_COUNT": "1",
}


@contextmanager
def local_ray(deployment: Deployment) -> Iterator[None]:
    """Starts Ray on the loopback interface; ends it, with every process and file, however this program ends."""
    folder = _make_folder()
    os.environ[MARK] = folder
    os.environ.update(RAY_ENVIRONMENT)
    sweeper = _start_sweeper(folder)
    try:
        # Only now: Ray reads the environment when it is imported.
        import ray

        ray.init(
            address="local",
            include_dashboard=False,
            num_cpus=math.ceil(deployment.replicas * deployment.cpus),
            object_store_memory=OBJECT_STORE_BYTES,
            # Bookkeeping only, so that a small machine's replicas are scheduled too.
            _memory=deployment.replicas * deployment.memory_bytes,
            _node_ip_address="127.0.0.1",
            _temp_dir=folder,
        )
        yield
    finally:
        # Not ray.shutdown(): it waits for processes that a signal to the whole group has ended already.
        sweeper.stdin.close()
        sweeper.wait()


def _make_folder() -> str:
    parent = tempfile.gettempdir()
    return tempfile.mkdtemp(
        prefix="ray-", dir=parent if len(parent) <= LONGEST_TEMP_FOLDER else "/tmp"
    )


def _start_sweeper(folder: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("sweeper.py")), folder],
        stdin=subprocess.PIPE,
        start_new_session=True,
        # Without the mark it is none of those that it ends.
        env={},
    )
