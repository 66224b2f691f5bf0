"""Bounds what is in hand at once: overload is refused early instead of filling the memory."""

# Of one process: images from admission to answer, and bytes of bodies from arrival to answer.
MAX_IMAGES_IN_HAND = 256
MAX_BYTES_IN_HAND = 64 * 1024 * 1024


class Budget:
    """Used on the event loop alone, so it needs no lock."""

    def __init__(self, limit: int):
        self._limit = limit
        self._held = 0

    def take(self, amount: int) -> bool:
        """False, and nothing taken, where that would be too much."""
        if self._held + amount > self._limit:
            return False
        self._held += amount
        return True

    def give_back(self, amount: int) -> None:
        self._held -= amount
