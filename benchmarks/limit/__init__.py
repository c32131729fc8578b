"""The limit: hand-written SQL behind a bare ASGI function, the fastest that one can be in Python on these tables."""
