"""The document for the provider's fallback URL takes a voicemail while the application is down."""

from __future__ import annotations

import pytest
from lxml import etree
from twiml_schema import assert_valid_twiml

from telephony.provider import ProviderError
from telephony.twilio.fallback import SORRY, THANKS, static_fallback_document, thanks_document

STATUS = "https://desk.example/voice/recordings/fallback"


def test_it_says_sorry_in_each_language_records_and_needs_nothing_of_ours_but_the_recording_status() -> None:
    document = static_fallback_document(SORRY, STATUS)
    assert_valid_twiml(document, may_lack_action=True)
    root = etree.fromstring(document.encode())
    assert [child.tag for child in root] == ["Say", "Say", "Record", "Hangup"]
    assert [child.get("language") for child in root][:2] == ["cmn-CN", "en-US"]
    record = root[2]
    assert record.get("recordingStatusCallback") == STATUS
    assert [value for value in record.attrib.values() if "desk.example" in str(value)] == [STATUS]


def test_with_a_second_document_the_caller_is_thanked_by_a_file_server() -> None:
    thanks = "https://files.example/thanks.xml"
    document = static_fallback_document(SORRY, STATUS, thanks)
    assert_valid_twiml(document)
    record = etree.fromstring(document.encode()).find("Record")
    assert record is not None
    assert (record.get("action"), record.get("method")) == (thanks, "GET")
    assert_valid_twiml(thanks_document(THANKS))


@pytest.mark.parametrize(("status", "thanks"), [("/voice/recordings", ""), ("", ""), (STATUS, "thanks.xml")])
def test_a_url_that_is_not_absolute_is_refused(status: str, thanks: str) -> None:
    with pytest.raises(ProviderError, match=r"absolute"):
        static_fallback_document(SORRY, status, thanks)
