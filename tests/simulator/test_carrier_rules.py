"""The small rules on which the rest stands."""

import asyncio
import json
import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from simulator.clock import VirtualClock, new_loop
from simulator.overrides import split_overrides
from simulator.phone_numbers import normalise
from simulator.signature import sign
from simulator.twiml.document import TwimlError, read_document
from simulator.twiml.grammar import RULES, complaints
from simulator.twiml.verbs import PERFORM

CORPUS = Path(os.environ.get("RINGBACK_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus"))


def test_the_signature_of_twilios_own_example():
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    assert (
        sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", params.items()) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    )


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=8, unique_by=lambda pair: pair[0]))
def test_every_signature_is_valid_for_the_official_validator(pairs):
    url = "https://example.com/voice?x=%E4%BD%A0"
    assert RequestValidator("secret").validate(url, dict(pairs), sign("secret", url, pairs))


def test_overrides_are_read_from_the_fragment_and_out_of_range_values_ignored():
    address, overrides = split_overrides("https://a.example/x?y=1#rc=3&rp=4xx,rt&tt=99999&ct=200")
    assert address == "https://a.example/x?y=1"
    assert (overrides.retries, overrides.total_timeout_s, overrides.connect_timeout_s) == (3, 15.0, 0.2)
    assert [cause for cause in ("4xx", "5xx", "ct", "rt") if overrides.retries_after(cause)] == ["4xx", "rt"]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("+86 138 0013 8000", "+8613800138000"),
        ("(415) 555-2671", "+14155552671"),
        ("client:anna", "client:anna"),
        ("12", None),
        ("", None),
        ("anonymous", None),
        ("client:", None),
    ],
)
def test_addresses_are_brought_to_one_form(given, wanted):
    assert normalise(given) == wanted


def test_virtual_time_jumps_only_when_nothing_is_outstanding():
    clock = VirtualClock()
    loop = new_loop(clock)
    seen = []

    async def sleeper(name, seconds):
        await clock.sleep(seconds)
        seen.append((name, clock.elapsed_s()))

    async def main():
        tasks = [asyncio.create_task(sleeper(str(seconds), seconds)) for seconds in (86400, 10, 10, 0.5)]
        clock.hold()
        await asyncio.sleep(0.05)
        assert seen == []
        clock.release()
        await asyncio.gather(*tasks)

    loop.run_until_complete(main())
    loop.close()
    assert seen == [("0.5", 0.5), ("10", 10), ("10", 10), ("86400", 86400)]


def test_every_verb_of_the_grammar_is_performed_or_refused():
    assert set(PERFORM) == set(RULES["Response"].children)


def test_our_grammar_is_twilios():
    file = CORPUS / "twiml" / "twiml-voice-grammar.json"
    if not file.exists():
        pytest.skip("corpus not present")
    types = json.loads(file.read_text())["types"]
    for name, rule in RULES.items():
        # The undocumented attributes of Stream are left out on purpose.
        theirs = set(types[name]["attrs"]) - (
            {"audioFormat", "sampleRate", "connectorName"} if name == "Stream" else set()
        )
        assert set(rule.attributes) == theirs, name
        if name not in ("Say", "Connect", "Sip"):
            assert rule.children == set(types[name]["children"]), name


def without_voices(document):
    """Twilio lists nine hundred voices; our grammar takes any name."""
    for say in document.iter("Say"):
        say.attrib.pop("voice", None)
    return document


def test_every_document_of_a_foreign_switch_that_is_valid_is_accepted():
    file = CORPUS / "twiml" / "somleng_switch_cases.json"
    if not file.exists():
        pytest.skip("corpus not present")
    schema_file = CORPUS / "twiml" / "twiml-voice.xsd"
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(schema_file)))
    checked = 0
    for case in json.loads(file.read_text())["cases"]:
        for text in case["twiml_documents"]:
            try:
                valid = schema.validate(without_voices(etree.fromstring(text.encode())))
                ours = list(complaints(read_document(text.encode())))
            except (etree.XMLSyntaxError, TwimlError):
                continue
            checked += 1
            assert valid == (not ours), (text, ours, schema.error_log)
    assert checked > 30


def test_an_entity_bomb_is_refused_before_it_is_opened():
    bomb = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Response><Say>&b;</Say></Response>'
    with pytest.raises(TwimlError, match="DOCTYPE"):
        read_document(bomb)


def test_nested_text_where_none_belongs_is_complained_of():
    assert list(complaints(ElementTree.fromstring("<Response>hello<Pause/></Response>")))
