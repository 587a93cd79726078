"""A look inside the app over HTTP, for scenarios played from the terminal."""

from typing import Any

import aiohttp

from simulator.errors import SimulatorError


class AppView:
    """Asks GET {app}/scenario/calls/{sid} → {nodes, tickets, messages, outcome}; 404 counts as nothing yet."""

    def __init__(self, app_url: str) -> None:
        self._app_url = app_url.rstrip("/")

    async def look(self, call_sid: str) -> dict[str, Any]:
        address = f"{self._app_url}/scenario/calls/{call_sid}"
        try:
            async with aiohttp.ClientSession() as session, session.get(address) as response:
                if response.status == 404:
                    return {}
                if response.status >= 400:
                    raise SimulatorError(f"The app answered {response.status} at {address}.")
                view: dict[str, Any] = await response.json(content_type=None)
                return view
        except (aiohttp.ClientError, ValueError) as error:
            raise SimulatorError(
                f"The app at {self._app_url} cannot be asked what came of the call: {error}."
            ) from error
