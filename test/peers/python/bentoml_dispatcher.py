"""What BentoML's CorkDispatcher does, seen from outside: prints JSON for bentoml.test.ts."""

import asyncio
import json
import time

from bentoml._internal.marshal.dispatcher import CorkDispatcher

MAX_BATCH_SIZE = 8
LEARNT_WAIT_S = 0.5


class Service:
    """A batched method whose items are lists of images, as uploads are. It works until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.running = 0
        self.most_running = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.dispatcher = CorkDispatcher(
            max_latency_in_ms=60_000,
            max_batch_size=MAX_BATCH_SIZE,
            fallback=lambda: None,
            get_batch_size=len,
            batch_dim=(0, 0),
        )
        self.call = self.dispatcher(self._run)

    async def _run(self, uploads: list[list[str]]) -> list[list[str]]:
        self.batches.append([len(images) for images in uploads])
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await self.gate.wait()
            if any("bad" in images for images in uploads):
                raise ValueError("a bad image")
            return list(uploads)
        finally:
            self.running -= 1

    async def behind_a_running_batch(self, *uploads: list[str]) -> list[object]:
        """Outcomes of requests that wait while another batch runs."""
        self.gate.clear()
        first = asyncio.create_task(self.call(["first"]))
        await _until(lambda: self.running == 1)
        self.batches.clear()
        others = [asyncio.create_task(self.call(images)) for images in uploads]
        queue = self.dispatcher._queue
        await _until(lambda: len(queue) == len(uploads))
        self.gate.set()
        outcomes = await asyncio.gather(first, *others, return_exceptions=True)
        return list(outcomes[1:])


async def _until(condition) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def outcome(result: object) -> str:
    return "failed" if isinstance(result, Exception) else "answered"


async def main() -> None:
    service = Service()
    # One by one: each is a batch of its own, until the dispatcher has learnt what it wants to know.
    for _ in range(12):
        await service.call(["an image"])

    regression = service.dispatcher.optimizer.o_stat
    regression.clear()
    await service.behind_a_running_batch(["a"] * 3, ["b"] * 3)
    images_of_one_batch = sum(service.batches[0])
    counted_as = regression[-1][0]

    await service.behind_a_running_batch(["a"] * 5, ["b"] * 5)
    split = service.batches[:2]

    # What it has learnt from batches whose oldest request waited so long, on average.
    service.dispatcher.optimizer.wait = LEARNT_WAIT_S
    started = time.perf_counter()
    await service.call(["an image"])
    waited_alone_s = time.perf_counter() - started
    service.dispatcher.optimizer.wait = 0

    with_bad = await service.behind_a_running_batch(["good"], ["bad"], ["good"])
    print(
        json.dumps(
            {
                "images_of_one_batch": images_of_one_batch,
                "regression_counts": counted_as,
                "batches_of_5_and_5": split,
                "one_bad_among_three": [outcome(result) for result in with_bad],
                "waited_alone_of_learnt_wait": waited_alone_s / LEARNT_WAIT_S,
                "most_running_at_once": service.most_running,
                "longest_queue_allowed": service.dispatcher._queue.maxlen,
            }
        )
    )
    service.dispatcher.shutdown()


asyncio.run(main())
