"""Keeping the virtual clock in step with an app that can tell how far it is."""

import asyncio
import time
from collections.abc import Awaitable, Callable

_LOOK_EVERY_S = 0.0001


def in_step_with(frames_done: Callable[[str], int]) -> Callable[[str, int], Awaitable[None]]:
    """A hook for `SimulatedNetwork.keep_step`.

    Args:
        frames_done: how many messages with sound of a stream (by its SID) the app is done with; called often, from
            the carrier's thread.
    """

    async def keep_step(stream_sid: str, frames: int) -> None:
        while frames_done(stream_sid) < frames:
            # The loop's own sleep lasts a whole millisecond at least: epoll counts in them.
            time.sleep(_LOOK_EVERY_S)
            await asyncio.sleep(0)

    return keep_step
