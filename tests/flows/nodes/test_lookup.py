"""lookup"""

import pytest

from flows.requests import LookupReply
from telephony.calls import Nothing
from tests.flows.nodes.conversation import Conversation

NODE = """
type: lookup
method: POST
url: "{{ service }}/parcels/{{ tracking }}?q={{ city }}"
headers: {Authorization: "Bearer secret:PARCEL_TOKEN", X-Call: "{{ tracking }}"}
body: {number: "{{ tracking }}", note: "from {{ city }}", weight: "{{ weight }}", list: ["{{ city }}"]}
timeout_s: 4
retries: 2
take: {status: status, place: "steps[-1].place", all: ".", gone: a.b.c}
filler: {en-US: One second., zh-CN: 请稍候。}
exits: {ok: end, not_found: end, error: end}
"""
VALUES = {"service": "http://127.0.0.1:9000/api", "tracking": "RB 1/2", "city": "北京", "weight": 3}


def test_the_request_is_filled_and_secrets_stay_names():
    request = Conversation(NODE, values=VALUES).request
    assert request.url == "http://127.0.0.1:9000/api/parcels/RB%201%2F2?q=%E5%8C%97%E4%BA%AC"
    assert request.method == "POST"
    assert request.headers == {"Authorization": "Bearer secret:PARCEL_TOKEN", "X-Call": "RB 1/2"}
    assert request.body == {"number": "RB 1/2", "note": "from 北京", "weight": 3, "list": ["北京"]}
    assert (request.timeout_s, request.retries, request.node) == (4, 2, "node")


def test_the_filler_is_heard_meanwhile():
    assert [p.text for p in Conversation(NODE, values=VALUES).step.then.filler] == ["One second."]
    without = NODE.replace("filler: {en-US: One second., zh-CN: 请稍候。}\n", "")
    assert [p.text for p in Conversation(without, values=VALUES).step.then.filler] == ["One moment, please."]


def test_values_are_taken_from_the_reply():
    body = {"status": "held", "steps": [{"place": "A"}, {"place": "B"}]}
    call = Conversation(NODE).hear(LookupReply(outcome="ok", status=200, body=body))
    assert call.exit == "ok"
    assert call.values == {"status": "held", "place": "B", "all": body, "gone": None}


@pytest.mark.parametrize(
    ("outcome", "exit_name"),
    [("not_found", "not_found"), ("timeout", "error"), ("error", "error"), ("refused", "error")],
)
def test_each_failure_has_its_exit_and_clears_what_was_known(outcome, exit_name):
    call = Conversation(NODE, values={"status": "old"}).hear(LookupReply(outcome=outcome, status=None))
    assert call.exit == exit_name
    assert call.values["status"] is None


def test_a_wired_timeout_is_its_own():
    node = NODE.replace("error: end}", "error: end, timeout: end}")
    assert Conversation(node).hear(LookupReply(outcome="timeout")).exit == "timeout"


@pytest.mark.parametrize("body", ["plain text", None, [1, 2], {"steps": "none"}])
def test_a_reply_of_another_shape_takes_nothing(body):
    call = Conversation(NODE).hear(LookupReply(outcome="ok", status=200, body=body))
    assert call.exit == "ok"
    assert call.values["place"] is None


def test_no_reply_at_all_is_an_error():
    assert Conversation(NODE).hear(Nothing()).exit == "error"
