"""What the Python stacks share: one way to decode, one way to answer, one reading of the environment."""
