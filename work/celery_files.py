"""A folder as Celery's broker: kombu's own, with messages that appear whole.

kombu writes a message where consumers look for it, so that a quick consumer reads half a message and dies of it
(JSONDecodeError, seen under load with kombu 5.7).
"""

from __future__ import annotations

import json
import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem

SCHEME = "files"


class _Channel(filesystem.Channel):
    """kombu's channel, which moves a message into place once it is written."""

    def _put(self, queue: Any, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.monotonic_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.control_folder) / name
        draft.write_text(json.dumps(payload), encoding="utf-8")
        os.replace(draft, Path(self.data_folder_out) / name)


class Transport(filesystem.Transport):
    """What "files://" stands for."""

    Channel = _Channel


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
