"""One load for every stack: the images of `servelab load`, a closed loop without think time.

    locust -f deploy/locust/locustfile.py --stack fastapi          # in the browser, on port 8089
    locust -f ... --headless --users 8 --spawn-rate 8 --run-time 11s --warmup 1 --csv tmp/locust
    locust -f ... --processes 4                                    # or --master here, --worker there

`make locust` installs Locust and does the second. docs/locust-and-k6.md has the rest.
"""

import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import gevent
from locust import FastHttpUser, constant, events, task
from locust.runners import MasterRunner, WorkerRunner

sys.path.insert(0, str(Path(__file__).resolve().parent))
from stack_requests import (
    STACKS,
    ImageRequest,
    address_of,
    fault_of,
    field_for,
    image_folder,
    read_requests,
    without_slash,
)


class ImageUser(FastHttpUser):
    """A user who sends one image after the other, the next as soon as the last is answered."""

    wait_time = constant(0)
    network_timeout = 60.0  # the seeds'
    requests: Iterator[ImageRequest]

    @task
    def predict(self) -> None:
        image = next(self.requests)
        with self.client.post(
            "/predict",
            data=image.body,
            headers=dict(image.headers),
            catch_response=True,
        ) as response:
            # Without an answer the session has noted why.
            if response.status_code != 0:
                fault = fault_of(response.status_code, response.content)
                if fault is None:
                    response.success()
                else:
                    response.failure(fault)


@events.init_command_line_parser.add_listener
def add_options(parser) -> None:
    options = parser.add_argument_group("servelab")
    options.add_argument(
        "--stack",
        env_var="STACK",
        default="",
        choices=["", *STACKS],
        help="Which stack answers: decides the port, and the name of the part in the form.",
    )
    options.add_argument(
        "--images",
        env_var="IMAGES",
        default="",
        help="Folder of images (default: those of `servelab load`).",
    )
    options.add_argument(
        "--field",
        env_var="FIELD",
        default="",
        help="Name of the part, for another server.",
    )
    options.add_argument(
        "--think-time",
        env_var="THINK_TIME",
        type=float,
        default=0.0,
        help="Seconds between an answer and the user's next request (default: 0).",
    )
    options.add_argument(
        "--warmup",
        env_var="WARMUP",
        type=float,
        default=0.0,
        help="Seconds of load that are left out of the figures (default: 0).",
    )


@events.init.add_listener
def prepare_here(environment, **_) -> None:
    """Bad words and missing images end Locust before it starts; workers hear theirs from the master."""
    if isinstance(environment.runner, WorkerRunner):
        return
    try:
        prepare(environment)
    except (OSError, KeyError) as error:
        sys.exit(f"error: {error}")


@events.test_start.add_listener
def prepare_for_test(environment, **_) -> None:
    """Again, since the stack may have been changed in the browser, or by the master."""
    prepare(environment)


@events.spawning_complete.add_listener
def leave_out_warmup(user_count: int, **_) -> None:
    if user_count > 0 and Prepared.warmup_s > 0:
        gevent.spawn_later(Prepared.warmup_s, Prepared.environment.stats.reset_all)


class Prepared:
    """What is at hand for the next test, read again only when something else is asked for."""

    environment = None
    warmup_s = 0.0
    key: tuple[str, str] | None = None


def prepare(environment) -> None:
    options = environment.parsed_options
    Prepared.environment, Prepared.warmup_s = environment, options.warmup
    ImageUser.wait_time = constant(options.think_time)
    ImageUser.host = without_slash(environment.host or address_of(options.stack or "servelab"))
    if isinstance(environment.runner, MasterRunner):
        return
    field = options.field or field_for(options.stack, ImageUser.host)
    key = (options.images, field)
    if Prepared.key != key:
        requests = read_requests(image_folder(options.images), field)
        random.Random(1).shuffle(requests)
        ImageUser.requests = itertools.cycle(requests)
        Prepared.key = key
