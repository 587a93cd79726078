"""TwiML that stands on the carrier's own shelf: a home for fallback documents that needs no app."""

from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from simulator.errors import SimulatorError


class Bins:
    """`/bins/{name}.xml` serves the file that was given for `name`, read anew each time."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        for name, path in files.items():
            if not path.is_file():
                raise SimulatorError(f"The TwiML bin '{name}' has no file: {path} is not there.")
        self._files = dict(files)

    async def serve(self, request: web.Request) -> web.Response:
        path = self._files.get(request.match_info["name"])
        if path is None or not path.is_file():
            raise web.HTTPNotFound(text="There is no such TwiML bin.")
        return web.Response(body=path.read_bytes(), content_type="text/xml", charset="utf-8")

    def routes(self) -> list[web.RouteDef]:
        return [web.route(method, "/bins/{name}.xml", self.serve) for method in ("GET", "POST")]
