"""What the studio adds to `flask flows …`. Importing this puts its commands into the group."""

from __future__ import annotations

from flows.cli import flows_group
from studio import import_commands, publish_commands, testing_command

__all__ = ["flows_group", "import_commands", "publish_commands", "testing_command"]
