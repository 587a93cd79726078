"""Callers who do anything at all: no call breaks, none ends without a word."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.requests import LookupReply
from telephony.calls import DialEnded, Digits, Nothing, QueueEnded, Recorded, Silence, Speech
from tests.flows.test_examples import AT_STATION, EXAMPLES, MESSAGE, NIGHT, flow
from tests.flows.walk import NOON, Walk

WORDS = (
    *("yes", "no", "agent", "repeat", "back", "goodbye", "track", "complaint", "collection", "tomorrow", "three"),
    *("English", "中文", "查快递", "投诉", "寄快递", "是", "不是", "人工", "返回", "重复", "明天下午三点", "RB123456"),
    *("幺三九零零幺三九零零零", "bananas", "네", "아니요", "접수", "확인", "상담원", "{{x}}", "🙂"),
)
ANSWERS = st.one_of(
    st.builds(Digits, digits=st.text(alphabet="0123456789*#", max_size=12)),
    st.builds(Speech, text=st.sampled_from(WORDS), confidence=st.none() | st.floats(0, 1)),
    st.builds(Speech, text=st.text(max_size=20)),
    st.just(Silence()),
    st.just(Nothing()),
    st.just(MESSAGE),
    st.just(Recorded(url="", sid="", duration_s=0)),
    st.builds(QueueEnded, result=st.sampled_from(["bridged", "leave", "queue-full", "error"])),
    st.builds(DialEnded, status=st.sampled_from(["completed", "busy", "no-answer", "failed"]), bridged=st.booleans()),
)
LOOKUPS = st.sampled_from([AT_STATION, LookupReply(outcome="timeout"), LookupReply(outcome="ok", body="?")])
DOCUMENTS = {path.stem: flow(path.stem) for path in EXAMPLES}


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(answers=st.lists(ANSWERS, max_size=25), lookup=LOOKUPS, night=st.booleans(), withheld=st.booleans())
def test_whatever_a_caller_does_the_call_ends_politely(name, answers, lookup, night, withheld):
    now, number = (NIGHT if night else NOON), ("" if withheld else "+8613800138000")
    call = Walk(DOCUMENTS[name], now=now, number=number, lookup=lookup)
    for answer in answers:
        if call.end is None:
            call.hear(answer)
    call.silence(60)
    assert call.end is not None
    assert call.said[-1]
    assert "{{" not in "".join(text for text in call.said if "x}}" not in text)
