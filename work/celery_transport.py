"""Ids carried by Celery, for those who already run a broker for it. Imported only when it was chosen."""

from __future__ import annotations

import logging
import os
import socket
import threading
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from celery.concurrency.thread import TaskPool
from celery.worker import WorkController

from work import celery_files
from work.transport import JOBS, POLL_S, Run, TransportError, run_safely

log = logging.getLogger(__name__)

TASK = "ringback.run"
"""Name of the one task; its only argument is the id."""
START_TIMEOUT_S = 30.0
RESTART_AFTER_S = 1.0


class _Pool(TaskPool):  # type: ignore[misc]
    """Celery's threads, each working for its own application.

    Celery looks a task up in the application that is current in the thread, which is none of ours: one process may
    hold two queues, and with them two applications.
    """

    def on_apply(self, target: Any, args: Any = None, kwargs: Any = None, **rest: Any) -> Any:
        """Run the task of the application that this pool belongs to."""
        return super().on_apply(target, args, {**(kwargs or {}), "app": self.app}, **rest)


class CeleryTransport:
    """A queue of a Celery broker; the worker that consumes it lives in this process, in threads.

    Messages are acknowledged before their job runs (at most once), as a dialer wants it: what a killed worker held is
    lost, and the lease of the row brings it back. Results are not kept, ETA and retries of Celery are not used.
    """

    def __init__(self, broker_url: str, *, name: str = JOBS, shutdown_timeout_s: float = 30.0) -> None:
        """Use the queue `name` of the broker; "filesystem:///folder" keeps messages as files, for one machine.

        Raises:
            TransportError: the folder of a filesystem broker cannot be made.
        """
        self._name = name
        self._shutdown_timeout_s = shutdown_timeout_s
        self._run: Run | None = None
        self._stop = threading.Event()
        self._app = _app(broker_url, name)

        # Shared tasks would be one for all queues of a process. A method is no function to Celery.
        @self._app.task(name=TASK, shared=False)  # type: ignore[untyped-decorator]
        def task(job_id: int) -> None:
            if self._run is not None:
                run_safely(self._run, job_id)

        self._task = task

    def send(self, job_id: int) -> None:
        """Publish the id."""
        self._task.apply_async((job_id,))

    def consume(self, run: Run, *, workers: int = 1) -> None:
        """Run ids as they come, until `stop`. The broker's own signal handlers and console are left out."""
        self._run = run
        while not self._stop.is_set():
            self._consume_once(workers)
            if not self._stop.is_set():
                # Celery gives up after what it cannot explain; the jobs go on.
                log.error("Celery's worker of the queue %s ended by itself and is started again.", self._name)
                self._stop.wait(RESTART_AFTER_S)
        self._app.close()

    def _consume_once(self, workers: int) -> None:
        """One life of Celery's worker, to its end or to `stop`."""
        ready = threading.Event()
        worker = self._worker(workers, ready)
        thread = threading.Thread(target=worker.start, name=f"celery-{self._name}", daemon=True)
        thread.start()
        while thread.is_alive() and not self._stop.wait(0.1):
            pass
        # A worker that is stopped while it still connects does not hear it.
        if _until(ready, thread):
            worker.stop()
        thread.join(self._shutdown_timeout_s)
        if thread.is_alive():
            log.warning("Celery's worker of the queue %s did not end in time.", self._name)

    def stop(self) -> None:
        """End `consume`."""
        self._stop.set()

    def close(self) -> None:
        """Close the connections to the broker."""
        self._app.close()

    def _worker(self, threads: int, ready: threading.Event) -> Any:
        # Several workers of one host and process would take each other for the same one without a name of their own.
        node = f"{self._name}-{os.getpid()}-{uuid.uuid4().hex[:6]}@{socket.gethostname()}"
        return WorkController(
            app=self._app,
            hostname=node,
            pool_cls=_Pool,
            concurrency=threads,
            loglevel="WARNING",
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            ready_callback=lambda _consumer: ready.set(),
        )


def _app(broker_url: str, name: str) -> Celery:
    url, options = _broker(broker_url, name)
    app = Celery("ringback", broker=url, set_as_current=False)
    app.conf.update(
        broker_transport_options=options,
        broker_connection_retry_on_startup=True,
        task_default_queue=name,
        task_acks_late=False,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_hijack_root_logger=False,
        worker_soft_shutdown_timeout=0,
    )
    return app


def _broker(url: str, name: str) -> tuple[str, dict[str, Any]]:
    """Celery's address of the broker and its transport options."""
    parts = urlsplit(url)
    if parts.scheme != "filesystem":
        return url, {}
    folder = Path(parts.path)
    places = {
        "data_folder_in": folder / "queue",
        "data_folder_out": folder / "queue",
        "control_folder": folder / "control",
    }
    try:
        for place in places.values():
            place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TransportError(f"The folder of the queue cannot be made: {error.strerror}. Check QUEUE_URL.") from error
    poll_s = POLL_S.get(name, 0.1)
    return f"{celery_files.SCHEME}://", {key: str(place) for key, place in places.items()} | {
        "polling_interval": poll_s
    }


def _until(ready: threading.Event, thread: threading.Thread) -> bool:
    """Wait until the worker is ready or its thread has ended; False when it is neither in time."""
    for _ in range(int(START_TIMEOUT_S / 0.05)):
        if ready.wait(0.05) or not thread.is_alive():
            break
    return ready.is_set() and thread.is_alive()
