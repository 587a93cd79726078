"""Where everything is kept: engine, sessions, column types and migrations. Each room keeps its own models."""
