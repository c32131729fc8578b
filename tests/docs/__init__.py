"""The documentation is true: what it shows is parsed, validated and looked up here."""
