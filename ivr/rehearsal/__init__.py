"""A flow run without telephone or database: tried, tested, searched and replayed by the very engine that runs calls."""
