"""What a deployment asks of Ray, from the environment. Both forms and the program that starts them read it."""

from dataclasses import dataclass

from stackkit.settings import integer, number


@dataclass(frozen=True)
class Deployment:
    replicas: int
    # CPUs and memory that Ray books for each replica; it does not hold the replica to them.
    cpus: float
    memory_bytes: int
    # How long a batch waits for more after its first request.
    batch_wait_s: float

    @property
    def actor_options(self) -> dict[str, float]:
        return {"num_cpus": self.cpus, "memory": self.memory_bytes}


def read_deployment() -> Deployment:
    """Raises SettingsError."""
    return Deployment(
        replicas=integer("NUM_REPLICAS", 1, minimum=1),
        cpus=number("NUM_CPUS", 1),
        memory_bytes=integer("MEMORY_MIB", 2048, minimum=1) * 1024 * 1024,
        batch_wait_s=number("BATCH_WAIT_TIMEOUT_S", 0.01),
    )
