"""The parcel service of the demonstration."""

from datetime import UTC, datetime

import pytest
import requests

from simulator.parcels import find_parcel

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize("tracking", ["7788", "RB100200300CN", "rb 1002 0030 0 cn"])
def test_a_known_parcel_waits_at_its_station_with_a_pickup_code(tracking):
    parcel = find_parcel(tracking, NOW)
    assert parcel.status == "at_station"
    assert parcel.pickup_code
    assert parcel.station_zh


def test_any_number_has_a_story_and_keeps_it():
    stories = [find_parcel(f"SF{number}", NOW) for number in range(1000, 1200)]
    assert stories == [find_parcel(f"SF{number}", NOW) for number in range(1000, 1200)]
    assert len({parcel.status for parcel in stories}) == 6
    for parcel in stories:
        assert (parcel.eta is not None) == (parcel.status in ("accepted", "in_transit", "out_for_delivery"))
        assert parcel.events[-1]["status"] == parcel.status


@pytest.mark.parametrize("tracking", ["SF404", "12", "x" * 30, "no/way"])
def test_what_is_no_parcel_is_not_found(tracking):
    assert find_parcel(tracking, NOW) is None


def test_the_service_answers_over_http_in_every_mood(net):
    base = net.base_url
    assert requests.get(base + "/parcels/7788", timeout=5).json()["pickup_code"] == "5-1-2046"
    assert requests.get(base + "/parcels/SF404", timeout=5).status_code == 404
    assert requests.get(base + "/parcels/7788?mode=failing", timeout=5).status_code == 503
    assert requests.post(base + "/parcels-mode", json={"mode": "broken"}, timeout=5).status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        requests.get(base + "/parcels/7788", timeout=5).json()
    assert requests.post(base + "/parcels-mode", json={"mode": "odd"}, timeout=5).status_code == 422
    requests.post(base + "/parcels-mode", json={"mode": "slow"}, timeout=5)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(base + "/parcels/7788", timeout=0.3)


def test_a_collection_is_ordered(net):
    made = requests.post(net.base_url + "/collections", json={"phone": "+8613800138000"}, timeout=5)
    assert (made.status_code, made.json()["id"], made.json()["status"]) == (201, "C00001", "ordered")
