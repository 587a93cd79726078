"""The flow editor's sources, and how they are built."""
