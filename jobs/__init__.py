"""The worker's door: what goes on after an operation, for one tenant at a time."""
