"""What the environment says of batches, in BentoML's words."""

from typing import TypedDict

from stackkit.settings import integer


class Batching(TypedDict):
    """Arguments of `bentoml.api`."""

    batchable: bool
    batch_dim: int
    max_batch_size: int
    max_latency_ms: int


def read_batching() -> Batching:
    """The seeds' settings unless MAX_BATCH_SIZE or MAX_LATENCY_MS say otherwise; raises SettingsError."""
    images = integer("MAX_BATCH_SIZE", 8, minimum=1)
    return Batching(
        batchable=images > 1,
        batch_dim=0,
        # BentoML takes no maximum below 2, not even where nothing is batched.
        max_batch_size=max(images, 2),
        max_latency_ms=integer("MAX_LATENCY_MS", 60_000, minimum=1),
    )
