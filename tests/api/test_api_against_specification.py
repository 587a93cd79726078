"""Schemathesis makes requests from the specification, good and bad; the real application must answer as it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks

from api.app import create_api
from api.deps import ApiDeps
from storage.database import Database

load_all_checks()

# What a format's name means is known to us and not to the generator.
schemathesis.openapi.format("phone-number", st.sampled_from(["+8613812345678", "+442079460000", "hello", "123"]))
schemathesis.openapi.format(
    "date-time",
    st.datetimes(datetime(2026, 11, 24), datetime(2090, 1, 1)).map(lambda at: at.isoformat(timespec="seconds") + "Z"),
)
REFUSING_GOOD_DATA = [CHECKS.get_one("positive_data_acceptance")]
"""Left out where a number is asked for or something is written: which numbers, zones and laws exist, dates in order and
used idempotency keys are no matter of a schema."""


def labels():
    """Every operation of the document, which needs no table to be made."""
    app = create_api(
        ApiDeps(db=Database("sqlite:///never-opened.db"), clock=lambda: datetime(2026, 11, 23, tzinfo=UTC))
    )
    paths = app.test_client().get("/openapi.json").get_json()["paths"]
    return sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


@pytest.fixture
def house(sqlite_desk):
    """Things that the ids of requests can find."""
    campaign = sqlite_desk.campaign()
    sqlite_desk.post("/v1/cases", {"campaign_id": campaign, "number": "13812345678", "reference": "P1"})
    sqlite_desk.post("/v1/tickets", {"text": "It is lost.", "number": "+8613812345678"})
    sqlite_desk.post("/v1/consents", {"number": "+8613812345678", "purpose": "delivery", "kind": "express"})
    sqlite_desk.post("/v1/opt-outs", {"number": "+8613912345678"})
    return sqlite_desk


@pytest.mark.parametrize("label", labels())
def test_an_operation_answers_as_the_specification_says(label, house):
    document = schemathesis.openapi.from_wsgi("/api/openapi.json", house.mounted)
    method, path = label.split()
    operation = document[path][method]
    asked_by = {parameter.name for parameter in operation.query}

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def holds(case):
        left_out = [] if method == "GET" and "number" not in asked_by else REFUSING_GOOD_DATA
        case.call_and_validate(headers={"Authorization": f"Bearer {house.key}"}, excluded_checks=left_out)

    holds()
