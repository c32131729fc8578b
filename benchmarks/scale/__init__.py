"""Whether Kontor stays as fast with many tenants, many partners and many organizations: one client, set after set."""
