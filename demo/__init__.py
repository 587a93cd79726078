"""The demo organisation, and the one process that starts web app, worker and simulated carrier."""
