"""Law packs: chosen by country and area, complete, sourced, and refused with a sentence when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from callbacks.consents import ConsentKind
from callbacks.gate.laws import LawError, law_for, law_packs, read_law
from callbacks.purposes import Purpose

SHIPPED = {"us", "us-fl", "uk", "eu", "cn", "default", "none"}
FOLDER = Path(__file__).resolve().parents[3] / "callbacks" / "gate" / "laws"


def test_every_pack_is_there_with_a_version_titles_and_all_purposes() -> None:
    packs = law_packs()
    assert set(packs) == SHIPPED
    for law in packs.values():
        assert law.version
        assert set(law.title) == {"en", "zh"}
        assert set(law.rules) == set(Purpose)
        assert law.sources


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_rule_names_where_it_comes_from(purpose: Purpose) -> None:
    for law in law_packs().values():
        rules = law.rules[purpose]
        assert rules.sources
        assert all(cap.source in law.sources for cap in rules.caps)


@pytest.mark.parametrize(
    ("region", "area", "law"),
    [
        ("US", "212", "us"),
        ("US", "305", "us-fl"),
        ("US", "645", "us-fl"),
        ("CA", "305", "default"),
        ("PR", "787", "us"),
        ("GB", "", "uk"),
        ("JE", "", "uk"),
        ("DE", "", "eu"),
        ("NO", "", "eu"),
        ("CN", "", "cn"),
        ("BR", "", "default"),
        ("", "", "default"),
    ],
)
def test_the_callees_country_and_area_choose_the_pack(region: str, area: str, law: str) -> None:
    assert law_for(Purpose.DELIVERY, region, area).law == law


def test_an_override_replaces_and_a_slip_of_the_pen_does_not_loosen() -> None:
    assert law_for(Purpose.MARKETING, "BR", "", "us").consent == ConsentKind.WRITTEN
    assert law_for(Purpose.MARKETING, "US", "212", "uss").law == "us"
    assert law_for(Purpose.MARKETING, "US", "305", "none").law == "us-fl"
    assert law_for(Purpose.MARKETING, "US", "305", "none", none_allowed=True).law == "none"


def test_the_hours_of_the_law_table_hold() -> None:
    windows = {name: law_for(Purpose.MARKETING, "", "", name).week[0] for name in SHIPPED - {"none"}}
    assert windows["us"] == ((8 * 60, 21 * 60),)
    assert windows["us-fl"] == ((8 * 60, 20 * 60),)
    assert windows["cn"] == ((8 * 60, 21 * 60),)
    assert law_for(Purpose.DELIVERY, "CN", "").zone == "Asia/Shanghai"


def test_florida_is_never_looser_than_the_country() -> None:
    strength = {None: 0, ConsentKind.IMPLIED: 1, ConsentKind.EXPRESS: 2, ConsentKind.WRITTEN: 3}
    for purpose in Purpose:
        state, country = law_for(purpose, "US", "305"), law_for(purpose, "US", "212")
        assert strength[state.consent] >= strength[country.consent]
        assert state.week[0][0][1] <= country.week[0][0][1]
        assert bool(state.without_consent) == bool(country.without_consent)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("id: uk\n", "uk.yaml cannot be used"),
        ("id: [", "uk.yaml cannot be used"),
        ("%s", ""),
        ("wrong name", "calls itself"),
        ("hours over midnight", "begin before it ends"),
        ("no such zone", "does not exist"),
        ("unnamed source", "names sources it does not give: GONE"),
        ("missing purpose", "says nothing of: survey"),
        ("unknown field", "Extra inputs"),
    ],
)
def test_a_broken_pack_is_a_sentence(tmp_path: Path, broken: str, said: str) -> None:
    good = (FOLDER / "uk.yaml").read_text(encoding="utf-8")
    texts = {
        "%s": good,
        "wrong name": good.replace("id: uk", "id: gb"),
        "hours over midnight": good.replace("08:00-21:00", "21:00-08:00"),
        "no such zone": good.replace("skip_holidays: true", "hours_zone: Mars/Olympus"),
        "unnamed source": good.replace("sources: [OWN]", "sources: [GONE]"),
        "missing purpose": good.replace("  survey: *served\n", ""),
        "unknown field": good.replace("skip_holidays: true", "skip_holiday: true"),
    }
    path = tmp_path / "uk.yaml"
    path.write_text(texts.get(broken, broken), encoding="utf-8")
    if not said:
        assert read_law(path).id == "uk"
        return
    with pytest.raises(LawError, match=said):
        read_law(path)
