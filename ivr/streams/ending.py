"""How a stream ends, and what the house is told of it."""

from __future__ import annotations

import asyncio
from enum import StrEnum

from websockets.asyncio.server import ServerConnection

from ivr.streams.doors import StreamTurn
from ivr.streams.doorway import Doorway

CLOSE_WITHIN_S = 5.0


class Ending(StrEnum):
    """Why a stream ended.

    The call is over or elsewhere: STOPPED (the carrier said so), CUT, SILENT (no message for long), SUPERSEDED (by a
    newer stream). We send it back to the webhooks: SAID (the last words in here were heard), MOVED (this server
    stops), RECOGNISER, OVERLOAD and ERROR (something broke). REFUSED and GONE: it was never ours, or is no more.
    """

    STOPPED = "stopped"
    CUT = "cut"
    SILENT = "silent"
    SUPERSEDED = "superseded"
    SAID = "said"
    MOVED = "moved"
    RECOGNISER = "recogniser"
    OVERLOAD = "overload"
    ERROR = "error"
    REFUSED = "refused"
    GONE = "gone"


_OVER = frozenset({Ending.STOPPED, Ending.CUT, Ending.SILENT, Ending.SUPERSEDED})
_BROKEN = frozenset({Ending.RECOGNISER, Ending.OVERLOAD, Ending.ERROR})
_UNTOLD = frozenset({Ending.REFUSED, Ending.GONE})


async def tell(doorway: Doorway, turn: StreamTurn, ending: Ending) -> None:
    """Tell the house how the stream of a turn ended."""
    if ending in _UNTOLD:
        return
    if ending in _OVER:
        await doorway.over(turn.stream_id, ending.value)
    else:
        await doorway.leave(turn, said=ending is Ending.SAID, why=ending.value if ending in _BROKEN else "")


async def close_socket(socket: ServerConnection) -> None:
    """Close properly; whoever does not read is cut off."""
    try:
        async with asyncio.timeout(CLOSE_WITHIN_S):
            await socket.close()
    except TimeoutError:
        socket.transport.abort()
