"""A courier's tracking service, for demonstrations: every number has a story, and it is always the same one."""

import asyncio
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

# Longer than any patience; the answer comes all the same.
SLOW_S = 20.0
_NUMBER = re.compile(r"[A-Z0-9]{4,20}")
_STATIONS = (
    ("Hongqiao East station", "虹桥东站点"),
    ("Riverside station", "滨江站点"),
    ("Station Road locker", "车站路快递柜"),
    ("West Lake station", "西湖站点"),
)
_STAGES = ("accepted", "in_transit", "out_for_delivery", "at_station", "delivered", "exception")


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What the service tells of one parcel. `pickup_code` is set at a station, `eta` while it travels (ISO 8601)."""

    tracking: str
    status: str
    station: str | None
    station_zh: str | None
    pickup_code: str | None
    eta: str | None
    waiting_days: int
    events: list[dict[str, str]]


_NAMED: dict[str, tuple[str, int, str | None]] = {
    # tracking number: (status, station, pickup code)
    "RB100200300CN": ("at_station", 0, "3-2-8841"),
    "RB100200301CN": ("out_for_delivery", 1, None),
    "RB100200302CN": ("delivered", 1, None),
    "RB100200303CN": ("exception", 2, None),
    "7788": ("at_station", 2, "5-1-2046"),
    "6677": ("in_transit", 3, None),
    "5566": ("delivered", 3, None),
}


def find_parcel(tracking: str, today: datetime) -> Parcel | None:
    """The parcel of a number, the same for the same day; None for a number that ends in 404 or cannot be one."""
    tracking = re.sub(r"[\s-]", "", tracking).upper()
    if not _NUMBER.fullmatch(tracking) or tracking.endswith("404"):
        return None
    chance = hashlib.sha256(tracking.encode()).digest()
    status, station, code = _NAMED.get(tracking, (_STAGES[chance[0] % len(_STAGES)], chance[1] % len(_STATIONS), None))
    here = status in ("at_station", "out_for_delivery", "delivered")
    if status == "at_station" and code is None:
        code = f"{chance[2] % 9 + 1}-{chance[3] % 4 + 1}-{int.from_bytes(chance[4:6], 'big') % 9000 + 1000}"
    travels = status in ("accepted", "in_transit", "out_for_delivery")
    days = 0 if status == "out_for_delivery" else chance[6] % 3 + 1
    return Parcel(
        tracking=tracking,
        status=status,
        station=_STATIONS[station][0] if here else None,
        station_zh=_STATIONS[station][1] if here else None,
        pickup_code=code,
        eta=(today + timedelta(days=days)).date().isoformat() if travels else None,
        waiting_days=chance[7] % 5 if status == "at_station" else 0,
        events=_history(status, station, today),
    )


def _history(status: str, station: int, today: datetime) -> list[dict[str, str]]:
    path = ["accepted", "in_transit", "out_for_delivery", status]
    path = path[: path.index(status) + 1]
    places = ["Origin depot", "Sorting centre", *[_STATIONS[station][0]] * 2]
    start = (today - timedelta(days=len(path))).replace(hour=9, minute=30, second=0, microsecond=0)
    return [
        {"at": (start + timedelta(days=number)).isoformat(), "status": stage, "place": places[number]}
        for number, stage in enumerate(path)
    ]


class ParcelService:
    """The service with its moods: normal, slow (20 s), failing (503), broken (not JSON)."""

    def __init__(self) -> None:
        self.mood = "normal"
        self.collections: list[dict[str, str]] = []

    async def track(self, request: web.Request) -> web.Response:
        """GET /parcels/{tracking}; `?mode=slow|failing|broken` sets the mood of this one request."""
        mood = request.query.get("mode", self.mood)
        if mood == "slow":
            await asyncio.sleep(SLOW_S)
        if mood == "failing":
            return web.json_response({"error": "The tracking service is down for maintenance."}, status=503)
        if mood == "broken":
            return web.Response(text="<html>oops", content_type="text/html")
        parcel = find_parcel(request.match_info["tracking"], datetime.now(UTC))
        if parcel is None:
            return web.json_response({"error": "No parcel has this number."}, status=404)
        return web.json_response(asdict(parcel))

    async def order_collection(self, request: web.Request) -> web.Response:
        """POST /collections with JSON or form fields (phone, address, day …) → 201 {id, status, day}."""
        if self.mood == "failing":
            return web.json_response({"error": "Collections cannot be ordered now."}, status=503)
        try:
            fields = await request.json() if request.content_type == "application/json" else dict(await request.post())
        except json.JSONDecodeError:
            return web.json_response({"error": "The body is not JSON."}, status=400)
        if not isinstance(fields, dict):
            return web.json_response({"error": "The body must be an object."}, status=400)
        number = f"C{len(self.collections) + 1:05d}"
        row = {**{str(name): str(value) for name, value in fields.items()}, "id": number, "status": "ordered"}
        row.setdefault("day", (datetime.now(UTC) + timedelta(days=1)).date().isoformat())
        self.collections.append(row)
        return web.json_response(row, status=201)

    async def set_mood(self, request: web.Request) -> web.Response:
        """POST /parcels-mode {mode: normal|slow|failing|broken}."""
        mood = (await request.json()).get("mode")
        if mood not in ("normal", "slow", "failing", "broken"):
            return web.json_response({"error": "mode: normal, slow, failing or broken."}, status=422)
        self.mood = mood
        return web.json_response({"mode": mood})

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/parcels/{tracking}", self.track),
            web.post("/parcels-mode", self.set_mood),
            web.post("/collections", self.order_collection),
        ]
