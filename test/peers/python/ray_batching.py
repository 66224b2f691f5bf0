"""What Ray Serve's @serve.batch does, seen from outside: prints JSON for rayserve.test.ts."""

import asyncio
import json
import logging

from ray._common.signature import DUMMY_TYPE
from ray.serve._private.constants import DEFAULT_MAX_ONGOING_REQUESTS
from ray.serve.batching import _BatchQueue, _SingleRequest

logging.disable(logging.CRITICAL)
WINDOW_S = 0.01
# So long after a request came its window has ended for certain.
LONG_AFTER_S = 20 * WINDOW_S
MAX_BATCH_SIZE = 8

# The one thing that it asks of a replica is a warning's number; without a replica there is none.
_BatchQueue._warn_if_max_batch_size_exceeds_max_ongoing_requests = lambda self: None


class Replica:
    """A batched method whose items are lists of images. It works until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.queue = _BatchQueue(
            MAX_BATCH_SIZE,
            WINDOW_S,
            max_concurrent_batches=1,
            handle_batch_func=self._run,
            batch_size_fn=lambda items: sum(map(len, items)),
        )

    async def _run(self, items: list[list[str]]) -> list[list[str]]:
        self.batches.append([images[0] for images in items])
        await self.gate.wait()
        if any("bad" in images for images in items):
            raise ValueError("a bad image")
        return items

    def ask(self, *images: str) -> asyncio.Future:
        future = asyncio.get_running_loop().create_future()
        self.queue.put(_SingleRequest(None, [DUMMY_TYPE, list(images)], future, None))
        return future


async def while_it_works() -> list[list[str]]:
    """Two requests, one long after the other, both while an earlier batch runs."""
    replica = Replica()
    replica.gate.clear()
    asked = [replica.ask("running")]
    await asyncio.sleep(LONG_AFTER_S)
    for name in ("early", "late"):
        asked.append(replica.ask(name))
        await asyncio.sleep(LONG_AFTER_S)
    replica.gate.set()
    await asyncio.gather(*asked)
    return replica.batches


async def what_does_not_fit() -> list[list[str]]:
    replica = Replica()
    sizes = {"a": 5, "b": 5, "c": 1}
    await asyncio.gather(*(replica.ask(*[name] * size) for name, size in sizes.items()))
    return replica.batches


async def outcomes(*requests: list[str]) -> list[str]:
    replica = Replica()
    asked = [replica.ask(*images) for images in requests]
    results = await asyncio.gather(*asked, return_exceptions=True)
    return ["failed" if isinstance(result, Exception) else "answered" for result in results]


async def main() -> None:
    print(
        json.dumps(
            {
                "batches_while_it_works": await while_it_works(),
                "batches_of_5_5_and_1": await what_does_not_fit(),
                "one_bad_among_three": await outcomes(["good"], ["bad"], ["good"]),
                "one_larger_than_a_batch": await outcomes(["image"] * (MAX_BATCH_SIZE + 1)),
                "default_max_ongoing_requests": DEFAULT_MAX_ONGOING_REQUESTS,
            }
        )
    )


asyncio.run(main())
