"""The worker's door: what happens after a request was answered, one job of one tenant at a time."""
