"""Who asks, for which tenant and organization, what they may do, and one transaction for each operation."""
