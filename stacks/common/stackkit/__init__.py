"""What the Python stacks share: how they read settings, decode, run the model and answer."""
