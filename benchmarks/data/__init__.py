"""The data that all contestants answer from: a PostgreSQL of its own, tenants founded, rows by the million."""
