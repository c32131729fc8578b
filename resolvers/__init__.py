"""What happens in each operation, told from top to bottom: load, apply the rule, keep."""
