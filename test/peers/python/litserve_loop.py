"""What LitServe's batching loop does, seen from outside: prints JSON for litserve.test.ts."""

import json
import logging
import threading
import time
from queue import Queue

import litserve as ls
from litserve.callbacks import CallbackRunner
from litserve.loops.base import _SENTINEL_VALUE
from litserve.loops.simple_loops import BatchedLoop
from litserve.utils import LitAPIStatus

logging.disable(logging.CRITICAL)
MAX_BATCH_SIZE = 8


class Api(ls.LitAPI):
    def __init__(self) -> None:
        super().__init__(max_batch_size=MAX_BATCH_SIZE)
        self.request_timeout = 30
        self.batches: list[int] = []

    def setup(self, device: str) -> None: ...

    def decode_request(self, request: str) -> str:
        if request == "bad":
            raise ValueError("a bad image")
        return request

    def batch(self, inputs: list[str]) -> list[str]:
        return inputs

    def predict(self, inputs: list[str]) -> list[str]:
        self.batches.append(len(inputs))
        return inputs

    def unbatch(self, output: list[str]) -> list[str]:
        return output

    def encode_response(self, output: str) -> str:
        return output


class CountingQueue(Queue):
    """Remembers how often it was asked in vain."""

    asked = 0

    def get_nowait(self):
        self.asked += 1
        return super().get_nowait()


class Answers:
    """Stands for the way back to the HTTP process."""

    def __init__(self) -> None:
        self.statuses: dict[str, LitAPIStatus] = {}

    def send(self, item, consumer_id: int) -> None:
        uid, (_, status, _, _) = item
        if status != LitAPIStatus.START:
            self.statuses[uid] = status


def run(*requests: str) -> tuple[list[int], list[str]]:
    """Sizes of the batches and outcomes of requests that all wait when the loop looks."""
    api, queue, answers = Api(), Queue(), Answers()
    api.pre_setup(spec=None)
    for number, request in enumerate(requests):
        queue.put((0, str(number), time.monotonic(), request))
    queue.put(_SENTINEL_VALUE)
    # Whoever is collected in one go with the sentinel gets no answer: full batches only.
    BatchedLoop().run_batched_loop(api, queue, answers, CallbackRunner())
    return api.batches, [str(answers.statuses.get(str(n))) for n in range(len(requests))]


def questions_while_idle() -> int:
    api, queue = Api(), CountingQueue()
    api.pre_setup(spec=None)
    loop = threading.Thread(
        target=BatchedLoop().run_batched_loop, args=(api, queue, Answers(), CallbackRunner())
    )
    loop.start()
    deadline = time.monotonic() + 10
    while queue.asked < 1000 and time.monotonic() < deadline:
        time.sleep(0.01)
    queue.put(_SENTINEL_VALUE)
    loop.join()
    return queue.asked


sizes, _ = run(*["good"] * (MAX_BATCH_SIZE * 2))
_, with_bad = run(*["good", "bad", *["good"] * (MAX_BATCH_SIZE - 2)])
print(
    json.dumps(
        {
            "batches_of_16_waiting": sizes,
            "one_bad_among_eight": with_bad,
            "asked_its_queue_in_vain": questions_while_idle(),
            "default_batch_timeout": Api().batch_timeout,
        }
    )
)
