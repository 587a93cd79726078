"""Texts that come in: STOP and its relatives end calls at once, START brings them back, all else goes to the desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from callbacks import campaigns
from callbacks.case import Case, CaseState
from callbacks.cases import NewCase, create_case
from callbacks.opt_outs import OptOut
from callbacks.opting_out import add_opt_out
from callbacks.purposes import Purpose
from callbacks.texting import KEYWORDS, REPLIES_A_DAY, Meaning, TextReceiver, read
from ivr.messages import Message, keep_received, queue_message
from telephony.calls import MessageEvent
from tickets import desk
from tickets.ticket import Status, Ticket
from work.happenings import Happening

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
THEIRS, OURS = "+8613812345678", "+12025550123"


class Line:
    """Texts with one number, as `ivr` hands them over: kept first, the reply queued, in one transaction."""

    def __init__(self, db, **values):
        self.db, self.now, self.count = db, NOW, 0
        values = {"name": {"en": "Lightning Express", "zh": "闪电快递"}, "contact": "+862112345678", **values}
        self.receive = TextReceiver(clock=lambda: self.now, **values)

    def text(self, body, *, sender=THEIRS, sid=""):
        self.count += 1
        event = MessageEvent(
            message_sid=sid or f"SM{self.count:032d}", from_number=sender, to_number=OURS, status="received", body=body
        )
        with self.db.write() as s:
            if keep_received(s, event, self.now) is None:
                return "known"
            reply = self.receive(s, event)
            if reply:
                queue_message(s, call_id=None, from_number=OURS, to=sender, body=reply, now=self.now)
        return reply

    def rows(self, model):
        with self.db.read() as s:
            return s.scalars(select(model).order_by(model.id)).all()

    @property
    def opted_out(self):
        return [row.purpose for row in self.rows(OptOut) if row.revoked_at is None]


@pytest.fixture
def line(sqlite_db):
    return Line(sqlite_db)


@pytest.fixture
def both_lines(db):
    return Line(db)


@pytest.mark.parametrize(
    "text",
    [
        *("STOP", "stop", " Stop. ", "ＳＴＯＰ", "StopAll", "unsubscribe", "Cancel!", "END", "quit", "opt-out"),
        *("T", "td", "TD", "退订", "退订。", "停止", " 退 订 ", "拒收", "请不要再打电话了", "别再打了！"),
        *("수신거부", "수신 거부", "그만", "Please stop calling me", "don't call me again", "Do not call me, thanks"),
    ],
)
def test_what_means_stop_in_a_language_served_is_taken_for_stop(text):
    assert read(text)[0] == Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        *("Stop by the station at 5, my parcel is there", "T-shirt", "to the door", "The end of the road, house 7"),
        *("放在门口", "请停在三号楼", "td123", "cancel my order 123 and refund", "문 앞에 놔주세요", "7", "?", "👍"),
        "When will you call me? I cannot come before Friday, so do not call me at nine but later in the afternoon.",
    ],
)
def test_words_that_only_contain_a_keyword_are_words(text):
    assert read(text)[0] == Meaning.WORDS


@pytest.mark.parametrize(
    ("text", "language"),
    [("START", "en"), ("恢复", "zh"), ("시작", "ko"), ("help", "en"), ("帮助", "zh"), ("도움말", "ko")],
)
def test_start_and_help_are_known_in_every_language(text, language):
    meaning, found = read(text)
    assert meaning in (Meaning.START, Meaning.HELP)
    assert found == language


def test_no_keyword_means_two_things():
    every = [word for by_language in KEYWORDS.values() for words in by_language.values() for word in words]
    assert len(every) == len(set(every))
    for meaning, by_language in KEYWORDS.items():
        for words in by_language.values():
            assert all(read(word)[0] == meaning for word in words)


def test_stop_closes_every_open_case_of_the_number_at_once_and_is_confirmed_in_its_language(both_lines):
    line = both_lines
    with line.db.write() as s:
        campaign = campaigns.create(s, name="Parcels", by="test", now=NOW, region="CN")
        for purpose in (Purpose.DELIVERY, Purpose.MARKETING):
            create_case(s, campaign, NewCase(number=THEIRS, purpose=purpose), NOW)
    reply = line.text("退订")
    assert reply.startswith("【闪电快递】已退订")
    assert line.opted_out == ["all"]
    [row] = line.rows(OptOut)
    assert (row.number, row.how, row.evidence) == (THEIRS, "sms", "退订")
    assert {(case.state, case.reason) for case in line.rows(Case)} == {(CaseState.CLOSED, "opted_out")}
    assert "opt_out.added" in [one.kind for one in line.rows(Happening)]
    assert line.rows(Ticket) == []


def test_a_second_stop_is_not_answered_since_the_confirmation_is_the_last_text(line):
    assert line.text("STOP").startswith("Lightning Express: you will get no more")
    assert line.text("STOP") is None
    assert len(line.rows(OptOut)) == 1


def test_the_same_message_told_of_twice_is_dealt_with_once(both_lines):
    assert both_lines.text("I am at home until five.", sid="SM1") is not None
    assert both_lines.text("I am at home until five.", sid="SM1") == "known"
    [ticket] = both_lines.rows(Ticket)
    with both_lines.db.read() as s:
        assert s.scalar(select(func.count()).select_from(Message).where(Message.direction == "outbound")) == 1
        assert len([e for e in desk.entries(s, ticket) if e.actor == "caller"]) == 1


def test_start_takes_back_every_opt_out_also_those_made_on_calls(both_lines):
    line = both_lines
    with line.db.write() as s:
        add_opt_out(s, number=THEIRS, purpose="marketing", how="key", evidence="8", now=NOW)
    line.text("STOP")
    assert sorted(line.opted_out) == ["all", "marketing"]
    assert "again" in line.text("START")
    assert line.opted_out == []
    assert {row.revoked_by for row in line.rows(OptOut)} == {"sms"}
    assert line.text("START") is None
    line.now += timedelta(days=1)
    assert line.text("STOP") is not None
    assert line.opted_out == ["all"]


def test_help_says_who_we_are_where_to_call_and_how_to_stop(line):
    assert line.text("HELP") == (
        "Lightning Express: we call about your orders and requests. "
        "Call +862112345678 to talk to us. Reply STOP to get no more calls or messages."
    )
    assert "请致电+862112345678" in line.text("帮助")
    assert line.rows(Ticket) == []


def test_other_words_open_a_ticket_and_the_next_ones_go_to_it(both_lines):
    line = both_lines
    assert line.text("我的包裹没有收到").startswith("【闪电快递】谢谢")
    [ticket] = line.rows(Ticket)
    assert (ticket.source, ticket.text, ticket.caller_number) == ("sms", "我的包裹没有收到", THEIRS)
    assert line.text("还在等") is None
    [ticket] = line.rows(Ticket)
    with line.db.read() as s:
        bodies = [entry.payload.get("body") for entry in desk.entries(s, ticket)]
    assert "还在等" in bodies
    assert {message.ticket_id for message in line.rows(Message) if message.direction == "inbound"} == {ticket.id}


def test_an_answer_by_text_takes_a_ticket_out_of_waiting(line):
    line.text("It is lost.")
    with line.db.write() as s:
        ticket = s.scalars(select(Ticket)).one()
        desk.change_status(s, ticket, "wait_customer", by="user:1", now=NOW)
    line.text("The number is 123.")
    assert [ticket.status for ticket in line.rows(Ticket)] == [Status.OPEN]


def test_a_solved_ticket_is_left_alone_and_another_one_is_opened(line):
    line.text("It is lost.")
    with line.db.write() as s:
        desk.change_status(s, s.scalars(select(Ticket)).one(), "solve", by="user:1", now=NOW)
    assert line.text("Something else.") is not None
    assert sorted(ticket.status for ticket in line.rows(Ticket)) == [Status.NEW, Status.SOLVED]


def test_whoever_opted_out_may_still_write_to_the_desk_but_gets_no_text_back(line):
    line.text("STOP")
    assert line.text("My parcel is broken.") is None
    assert len(line.rows(Ticket)) == 1


@pytest.mark.parametrize("sender", ["", "12345", "DHL", "anonymous"])
def test_programs_and_senders_without_a_number_get_no_answer_and_open_no_ticket(line, sender):
    assert line.text("Your code is 1234.", sender=sender) is None
    assert line.text("STOP", sender=sender) is None
    assert line.rows(Ticket) == []
    assert line.rows(OptOut) == []


def test_two_machines_that_answer_each_other_come_to_rest(line):
    replies = [line.text("help") for _ in range(REPLIES_A_DAY + 5)]
    assert [reply is not None for reply in replies] == [True] * REPLIES_A_DAY + [False] * 5
    assert line.text("STOP") is not None, "an opt-out is confirmed all the same"
    line.now += timedelta(days=1, seconds=1)
    assert line.text("help") is not None


def test_a_text_of_nothing_but_spaces_changes_nothing(line):
    assert line.text("  \n ") is None
    assert line.rows(Ticket) == []
