"""The check that all rooms use on their documents finds what it is there to find."""

from __future__ import annotations

import pytest
from twiml_schema import XSD, assert_valid_twiml, findings

A = 'action="https://d.example/a"'
BROKEN = {
    "not XML": ("<Response><Say>O'Brien & Co</Say></Response>", "not XML"),
    "another root": ("<Answer/>", "not a Response"),
    "lower case": ("<Response><say>Hi</say></Response>", "say is not a verb"),
    "snake case": (f'<Response><Gather {A} num_digits="1"/><Hangup/></Response>', "num_digits"),
    "a stream outside": ('<Response><Stream url="wss://d.example"/></Response>', "does not belong"),
    "a dial inside": (f"<Response><Gather {A}><Dial/></Gather><Hangup/></Response>", "does not belong"),
    "relative action": ('<Response><Gather action="/a"/><Hangup/></Response>', "absolute"),
    "relative redirect": ("<Response><Redirect>/a</Redirect></Response>", "absolute"),
    "no action": ("<Response><Gather/><Hangup/></Response>", "no action"),
    "end after gather": (f"<Response><Gather {A}/></Response>", "Nothing follows Gather"),
    "end after record": (f"<Response><Record {A}/></Response>", "Nothing follows Record"),
    "after hangup": ("<Response><Hangup/><Say>Hi</Say></Response>", "can never run"),
    "reject and more": ("<Response><Say>Hi</Say><Reject/></Response>", "only verb"),
    "empty say": ("<Response><Say> </Say></Response>", "says nothing"),
    "long say": (f"<Response><Say>{'x' * 3001}</Say></Response>", "too long"),
    "bad key": (f'<Response><Gather {A} finishOnKey="x"/><Hangup/></Response>', "finishOnKey"),
    "bad input": (f'<Response><Gather {A} input="voice"/><Hangup/></Response>', "input"),
    "national number": (f"<Response><Dial {A}><Number>4155552671</Number></Dial></Response>", "E.164"),
    "too large": (f"<Response>{'<Pause/>' * 9000}</Response>", "64 KB"),
    "surrogate": ("<Response><Say>\ud800</Say></Response>", "not XML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_document_is_found_out(name: str) -> None:
    document, wanted = BROKEN[name]
    assert any(wanted in finding for finding in findings(document))
    with pytest.raises(AssertionError):
        assert_valid_twiml(document)


def test_a_good_document_passes() -> None:
    assert_valid_twiml(
        f'<?xml version="1.0" encoding="UTF-8"?><Response><Gather {A} input="dtmf speech"><Say>Hi</Say></Gather>'
        "<Redirect>https://d.example/a?heard=nothing</Redirect></Response>"
    )


@pytest.mark.skipif(not XSD.exists(), reason="corpus not present")
def test_the_schema_of_twilios_libraries_is_used_where_it_is_present() -> None:
    document = '<Response><Say language="xx-XX">Hi</Say></Response>'
    assert any(finding.startswith("By the schema") for finding in findings(document))
