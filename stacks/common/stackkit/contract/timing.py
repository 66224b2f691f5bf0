"""Where the time of a request went, as the server-timing header tells it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Of one image."""

    decode_ms: float
    queue_ms: float
    infer_ms: float
    # Images in the batch that it was in.
    batch_size: int

    @property
    def spent_ms(self) -> float:
        return self.decode_ms + self.queue_ms + self.infer_ms


def server_timing(total_ms: float, timings: list[Timing], batched_by: str) -> str:
    """Of several images the one that took longest: it decided when the answer could go."""
    total = f"total;dur={total_ms:.2f}"
    if not timings:
        return total
    slowest = max(timings, key=lambda timing: timing.spent_ms)
    return (
        f"decode;dur={slowest.decode_ms:.2f}, queue;dur={slowest.queue_ms:.2f}, "
        f'batch;desc="size {slowest.batch_size}, {batched_by}", '
        f"infer;dur={slowest.infer_ms:.2f}, {total}"
    )
