"""The contestants: how each is started as two worker processes on the same database, and stopped."""
