"""The isolation of tenants, proven: by the database's own matrix, by canaries and by what must not change."""
