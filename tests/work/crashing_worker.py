"""A worker process for the crash tests: `python crashing_worker.py DATABASE_URL LOG HOLD_S [QUEUE_URL]`.

Each job writes "begin KEY" and, after HOLD_S seconds, "end KEY" to LOG, each as one appended line.
"""

import os
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from storage.database import Database
from work.transport import for_url
from work.worker import JobCall, Worker


def main(url: str, log: str, hold_s: float, queue_url: str = "") -> None:
    def write(line: str) -> None:
        handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)

    def slow(call: JobCall) -> None:
        write(f"begin {call.key}")
        time.sleep(hold_s)
        write(f"end {call.key}")

    db = Database(url)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    worker = Worker(db, for_url(db, queue_url), {"slow": slow}, lambda: datetime.now(UTC), lease_s=2.0, workers=2)
    worker.run_forever(stop)
    write("stopped")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), *sys.argv[4:])
