"""The operator's door: `kontor …` on the command line."""
