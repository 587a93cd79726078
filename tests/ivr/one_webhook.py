"""A web process of its own that answers one webhook, read from standard input once it is ready."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conftest import new_desk

from storage.database import Database

sys.stdout.write("ready\n")
sys.stdout.flush()
order = json.loads(sys.stdin.readline())
desk = new_desk(Database(order["url"]), Path("/nonexistent"))
answer = desk.client.post(order["target"], data=order["form"], headers=order["headers"])
sys.stdout.write(answer.data.decode())
