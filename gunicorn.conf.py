"""How the web application is served: one process of threads on SQLite, as many processes as asked on PostgreSQL."""

import os

from config import Config

_config = Config.from_environment()
worker_class = "gthread"
threads = _config.web_threads
workers = 1 if _config.effective_database_url.startswith("sqlite") else int(os.environ.get("WEB_CONCURRENCY", "2"))
# A webhook must be answered within 15 s; a worker silent for 60 s is broken.
timeout = 60
graceful_timeout = 10
keepalive = 75
control_socket_disable = True
accesslog = None
