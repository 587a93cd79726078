"""The operations, one resource per file."""
