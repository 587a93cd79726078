"""The engine alone: values in, a Turn out. No database, no clock, no provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flows.documents import FlowDocument, parse
from flows.events import CallEnded, FlowFailed, NodeEntered, NodeLeft, TicketOpened, Understood
from flows.nodes.base import Ask, Back, Caller, CallFlow, Context, End, Leave, Node, Step, Wait
from flows.requests import Lookup, OpenTicket, SubflowEnded, TicketNumber
from ivr import engine
from ivr.machine import CompiledFlow, compile_flow
from ivr.run import VISITS_AT_MOST
from ivr.session import Session
from ivr.turn import Scene, Turn
from telephony.calls import Digits, Nothing, Recorded, Silence
from telephony.verbs import Gather, Hangup, Record, Redirect, Say

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


class Doing(Node):
    """A node that does what the test says."""

    do: Any = None
    then: Any = None

    def enter(self, ctx: Context) -> Step:
        return self.do(ctx)

    def resume(self, ctx: Context, heard: Any) -> Step:
        return self.then(ctx, heard)


class Asking(Doing):
    """The same as a question."""

    asks = True


def says(text: str, exit_name: str = "next") -> Callable[[Context], Step]:
    return lambda ctx: Step(verbs=(Say(text=text, language=ctx.language),), then=Leave(exit=exit_name))


def asks(text: str) -> Callable[[Context], Step]:
    prompt = lambda ctx: (Say(text=text, language=ctx.language),)  # noqa: E731
    return lambda ctx: Step(verbs=(Gather(prompts=prompt(ctx), language=ctx.language),), then=Wait())


def by_key(exits: dict[str, str]) -> Callable[[Context, Any], Step]:
    def then(_ctx: Context, heard: Any) -> Step:
        key = heard.digits if isinstance(heard, Digits) else ""
        if key == "*":
            return Step(then=Back())
        return Step(then=Leave(exit=exits.get(key, "no_input")))

    return then


def ends(text: str = "Goodbye.", end: str = "done") -> Callable[[Context], Step]:
    return lambda ctx: Step(verbs=(Say(text=text, language=ctx.language),), then=End(end=end))


def breaks(_ctx: Context, _heard: Any = None) -> Step:
    raise ValueError("the caller said 4711")


def document(nodes: dict[str, Node], start: str = "a", **more: Any) -> FlowDocument:
    return FlowDocument(name=more.pop("name", "flow"), languages=("en-US", "zh-CN"), start=start, nodes=nodes, **more)


class Shelf:
    """A library of these documents; the first is version 1."""

    def __init__(self, *documents: FlowDocument) -> None:
        self.flows = [compile_flow(n, d) for n, d in enumerate(documents, start=1)]

    def version(self, version: int) -> CompiledFlow:
        return self.flows[version - 1]

    def latest(self, name: str) -> CompiledFlow:
        return next(flow for flow in reversed(self.flows) if flow.document.name == name)


def begin(*documents: FlowDocument, session: Session | None = None) -> tuple[Turn, Session, Scene]:
    shelf = Shelf(*documents)
    scene = Scene(now=NOW, library=shelf, caller=Caller(number="+8613912345678"), call_sid="CA1")
    session = session or Session()
    return engine.start(shelf.version(1), session, scene), session, scene


def heard(turn: Turn) -> str:
    return " ".join(line["text"] for line in turn.said if line["text"])


def test_nodes_are_walked_until_the_caller_is_asked() -> None:
    flow = document(
        {
            "a": Doing(type="t", do=says("One."), exits={"next": "b"}),
            "b": Asking(type="t", do=asks("Two?"), then=by_key({}), exits={}),
        }
    )
    turn, session, _ = begin(flow)
    assert heard(turn) == "One. Two?"
    assert [type(e) for e in turn.events] == [NodeEntered, NodeLeft, NodeEntered]
    assert isinstance(turn.verbs[-1], Gather)
    assert (session.node, session.waits_for, turn.ended) == ("b", "gather", False)


def test_the_end_of_the_flow_hangs_up() -> None:
    turn, session, scene = begin(document({"a": Doing(type="t", do=ends())}))
    assert isinstance(turn.verbs[-1], Hangup)
    assert turn.ended
    assert turn.outcome == "completed"
    assert turn.events[-1] == CallEnded(node="a", by="flow", outcome="completed")
    again = engine.resume(session, Nothing(), scene)
    assert again.verbs == (Hangup(),)
    assert again.events == ()


def test_a_session_survives_being_stored_at_every_turn() -> None:
    flow = document(
        {
            "a": Asking(type="t", do=asks("One?"), then=by_key({"1": "next"}), exits={"next": "b"}),
            "b": Asking(type="t", do=asks("Two?"), then=by_key({"1": "next"}), exits={"next": "c"}),
            "c": Doing(type="t", do=ends()),
        }
    )
    _, session, scene = begin(flow)
    while not session.ended:
        session = Session.from_json(session.to_json())
        engine.resume(session, Digits(digits="1"), scene)
    assert Session.from_json(session.to_json()) == session


def test_a_session_of_another_release_can_be_read() -> None:
    session = Session.from_json({"f": [{"v": 1, "n": "a", "new": 1}], "unknown": True})
    assert (session.node, session.language, session.pending) == ("a", "", None)


def test_a_redirect_after_a_question_counts_as_silence() -> None:
    got: list[Any] = []

    def then(_ctx: Context, heard: Any) -> Step:
        got.append(heard)
        return Step(then=End())

    _, session, scene = begin(document({"a": Asking(type="t", do=asks("?"), then=then)}))
    engine.resume(session, Nothing(), scene)
    assert got == [Silence()]


def test_no_answer_to_a_recording_is_an_empty_recording() -> None:
    got: list[Any] = []

    def then(_ctx: Context, heard: Any) -> Step:
        got.append(heard)
        return Step(then=End())

    record = lambda _ctx: Step(verbs=(Record(),), then=Wait())  # noqa: E731
    _, session, scene = begin(document({"a": Asking(type="t", do=record, then=then)}))
    engine.resume(session, Silence(), scene)
    assert got == [Recorded(url="", sid="", duration_s=0)]


def test_star_goes_back_to_the_question_before() -> None:
    flow = document(
        {
            "a": Asking(type="t", do=asks("One?"), then=by_key({"1": "next"}), exits={"next": "m"}),
            "m": Doing(type="t", do=says("And now."), exits={"next": "b"}),
            "b": Asking(type="t", do=asks("Two?"), then=by_key({"1": "next"}), exits={"next": "a"}),
        }
    )
    _, session, scene = begin(flow)
    engine.resume(session, Digits(digits="1"), scene)
    assert heard(engine.resume(session, Digits(digits="*"), scene)) == "One?"
    assert heard(engine.resume(session, Digits(digits="*"), scene)) == "One?"


def test_going_round_a_menu_does_not_grow_the_way_back() -> None:
    flow = document(
        {
            "a": Asking(type="t", do=asks("One?"), then=by_key({"1": "next"}), exits={"next": "b"}),
            "b": Asking(type="t", do=asks("Two?"), then=by_key({"1": "next"}), exits={"next": "a"}),
        }
    )
    _, session, scene = begin(flow)
    for _ in range(50):
        engine.resume(session, Digits(digits="1"), scene)
    assert len(session.frame.history) <= 2


def test_a_language_change_holds_from_then_on() -> None:
    change = lambda _ctx: Step(language="zh-CN", then=Leave(exit="next"))  # noqa: E731
    flow = document(
        {"a": Doing(type="t", do=change, exits={"next": "b"}), "b": Asking(type="t", do=asks("?"), then=breaks)}
    )
    turn, session, _ = begin(flow)
    assert session.language == "zh-CN"
    assert turn.verbs[-1].language == "zh-CN"


def test_the_flows_voice_is_used_where_a_node_names_none() -> None:
    flow = document({"a": Asking(type="t", do=asks("?"), then=breaks)}, voice={"en-US": "house"})
    turn, _, _ = begin(flow)
    assert turn.verbs[-1].prompts[0].voice == "house"


def test_a_subflow_runs_on_its_own_values_and_gives_them_back() -> None:
    def back(_ctx: Context, answer: Any) -> Step:
        assert isinstance(answer, SubflowEnded)
        return Step(values={"got": [answer.end, dict(answer.values)]}, then=Leave(exit="next"))

    call = lambda _ctx: Step(then=CallFlow(flow="inner", values={"given": 1}))  # noqa: E731
    work = lambda ctx: Step(values={"seen": sorted(ctx.values)}, then=End(end="found"))  # noqa: E731
    outer = document(
        {"a": Doing(type="t", do=call, then=back, exits={"next": "b"}), "b": Asking(type="t", do=asks("?"))}
    )
    inner = document({"x": Doing(type="t", do=work)}, start="x", name="inner")
    _, session, _ = begin(outer, inner)
    assert session.values["got"] == ["found", {"given": 1, "seen": ["given"]}]
    assert len(session.frames) == 1


def test_a_person_asked_for_in_a_subflow_is_found_by_the_calling_flow() -> None:
    call = lambda _ctx: Step(then=CallFlow(flow="inner"))  # noqa: E731
    outer = document(
        {"a": Doing(type="t", do=call), "person": Asking(type="t", do=asks("A person."))},
        defaults={"person": "person"},
    )
    inner = document(
        {"x": Asking(type="t", do=asks("?"), then=lambda _c, _h: Step(then=Leave(exit="person")))},
        start="x",
        name="inner",
    )
    _, session, scene = begin(outer, inner)
    assert heard(engine.resume(session, Digits(digits="0"), scene)) == "A person."
    assert [frame.version for frame in session.frames] == [1]


def test_a_subflow_that_calls_itself_for_ever_ends_in_a_ticket() -> None:
    call = lambda _ctx: Step(then=CallFlow(flow="flow"))  # noqa: E731
    turn, _, _ = begin(document({"a": Doing(type="t", do=call)}))
    assert isinstance(turn.request, OpenTicket)


def test_a_circle_without_a_question_ends_in_an_apology_and_a_way_on() -> None:
    flow = document(
        {
            "a": Doing(type="t", do=says("x"), exits={"next": "b"}),
            "b": Doing(type="t", do=says("y"), exits={"next": "a"}),
            "person": Asking(type="t", do=asks("A person.")),
        },
        defaults={"person": "person"},
    )
    turn, _, _ = begin(flow)
    assert heard(turn).endswith("A person.")
    assert "sorry" in heard(turn)
    assert len([e for e in turn.events if isinstance(e, NodeEntered)]) == VISITS_AT_MOST + 1


def failing(**defaults: str) -> FlowDocument:
    return document(
        {
            "a": Asking(type="t", do=asks("One?"), then=breaks),
            "person": Asking(type="t", do=asks("A person."), then=breaks),
            "failure": Asking(type="t", do=asks("Plan B."), then=breaks),
        },
        defaults=defaults,
    )


def test_a_node_that_breaks_is_apologised_for_and_leads_to_a_person() -> None:
    _, session, scene = begin(failing(person="person", failure="failure"))
    turn = engine.resume(session, Digits(digits="1"), scene)
    assert "sorry" in heard(turn)
    assert heard(turn).endswith("A person.")
    (failed,) = [e for e in turn.events if isinstance(e, FlowFailed)]
    assert failed.node == "a"
    assert "4711" not in failed.error


def test_without_a_person_the_flows_own_failure_node_takes_over() -> None:
    _, session, scene = begin(failing(failure="failure"))
    assert heard(engine.resume(session, Digits(digits="1"), scene)).endswith("Plan B.")


def test_a_second_failure_goes_straight_to_a_ticket_whose_digits_are_read_out() -> None:
    _, session, scene = begin(failing(person="person"))
    session.keep("a", "My parcel is wet", 0.9)
    engine.resume(session, Digits(digits="1"), scene)
    turn = engine.resume(session, Digits(digits="1"), scene)
    assert isinstance(turn.request, OpenTicket)
    assert turn.request.text == "My parcel is wet"
    assert turn.request.reason == "call could not be finished"
    turn = turn.then(engine.resume(session, TicketNumber(number="123458", appended=False), scene))
    assert "1 2 3, 4 5 8" in heard(turn)
    assert heard(turn).count("sorry") == 1
    assert isinstance(turn.verbs[-1], Hangup)
    assert (turn.ended, turn.outcome) == (True, "failed")
    assert any(isinstance(e, TicketOpened) for e in turn.events)


def test_the_apology_is_in_the_language_of_the_call() -> None:
    _, session, scene = begin(failing(person="person"), session=Session(language="zh-CN"))
    assert "很抱歉" in heard(engine.resume(session, Digits(digits="1"), scene))


def test_an_exit_that_leads_nowhere_is_served_by_the_last_resort() -> None:
    flow = document({"a": Asking(type="t", do=asks("One?"), then=by_key({"1": "next"}), exits={"next": "gone"})})
    _, session, scene = begin(flow)
    turn = engine.resume(session, Digits(digits="1"), scene)
    assert isinstance(turn.request, OpenTicket)
    assert "exit next of node a" in next(e.error for e in turn.events if isinstance(e, FlowFailed))


def test_a_node_that_waits_for_nothing_does_not_end_the_call_abruptly() -> None:
    mute = lambda ctx: Step(verbs=(Say(text="Hm.", language=ctx.language),), then=Wait())  # noqa: E731
    turn, _, _ = begin(document({"a": Doing(type="t", do=mute)}))
    assert isinstance(turn.request, OpenTicket)


def test_a_value_that_is_no_json_is_refused_before_it_is_stored() -> None:
    for value in (object(), float("nan"), {1, 2}):
        odd = lambda _ctx, value=value: Step(values={"x": value}, then=Leave(exit="next"))  # noqa: E731
        turn, session, _ = begin(document({"a": Doing(type="t", do=odd, exits={"next": "a"})}))
        assert isinstance(turn.request, OpenTicket)
        assert "x" not in session.values


def test_a_request_hands_over_to_the_house_with_its_filler() -> None:
    look = Lookup(method="GET", url="https://example.org")
    ask = lambda ctx: Step(then=Ask(request=look, filler=(Say(text="A moment.", language=ctx.language),)))  # noqa: E731
    turn, session, _ = begin(document({"a": Doing(type="t", do=ask)}))
    assert turn.request == look
    assert turn.filler == (Say(text="A moment.", language="en-US"),)
    assert session.node == "a"


def test_answers_and_errors_are_counted_and_kept() -> None:
    flow = parse(
        """
format: 1
name: q
title: {en-US: Q}
languages: [en-US]
start: number
nodes:
  number:
    type: collect
    kind: digits
    prompt: {en-US: "Your number? Then press the hash key."}
    value: number
    exits: {next: bye}
  bye: {type: hang_up}
"""
    )
    _, session, scene = begin(flow)
    engine.resume(session, Silence(), scene)
    assert session.errors_in_call == 1
    turn = engine.resume(session, Digits(digits="4711"), scene)
    assert any(isinstance(e, Understood) for e in turn.events)
    assert session.answers[0]["node"] == "number"


def test_a_last_resort_from_outside_goes_to_the_person_too() -> None:
    _, session, scene = begin(failing(person="person"))
    turn = engine.last_resort(session, scene, "The database was away.")
    assert heard(turn).endswith("A person.")


def test_a_question_of_a_broken_node_is_not_left_in_the_document() -> None:
    def half(ctx: Context) -> Step:
        return Step(verbs=(Redirect(),), then=Leave(exit="nowhere"))

    turn, _, _ = begin(document({"a": Doing(type="t", do=half)}))
    assert not any(isinstance(verb, Redirect) for verb in turn.verbs)
