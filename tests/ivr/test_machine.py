"""A published version as one machine that all calls share."""

from __future__ import annotations

import threading

from flows.documents import FlowDocument
from flows.nodes.base import Node
from ivr.machine import FlowCache, compile_flow
from ivr.session import Frame, Session


def document(**nodes: dict[str, str]) -> FlowDocument:
    made = {name: Node(type="t", exits=exits) for name, exits in nodes.items()}
    return FlowDocument(name="x", languages=("en",), start=next(iter(nodes)), nodes=made)


def session(node: str) -> Session:
    return Session(frames=[Frame(version=1, node=node)])


def test_an_exit_moves_the_session_and_only_it() -> None:
    flow = compile_flow(1, document(a={"next": "b"}, b={"next": "a"}))
    one, other = session("a"), session("a")
    flow.move(one, "next")
    assert (one.node, other.node) == ("b", "a")
    assert flow.machine.models == []


def test_an_unwired_person_or_failure_leads_to_the_flows_default() -> None:
    nodes = {"a": Node(type="t"), "b": Node(type="t", exits={"person": "a"}), "p": Node(type="t"), "f": Node(type="t")}
    defaults = {"person": "p", "failure": "f"}
    flow = compile_flow(1, FlowDocument(name="x", languages=("en",), start="a", nodes=nodes, defaults=defaults))
    caller = session("a")
    flow.move(caller, "person")
    assert caller.node == "p"
    assert flow.leads("a", "failed")
    wired = session("b")
    flow.move(wired, "person")
    assert wired.node == "a"
    assert not flow.leads("p", "person")


def test_exits_may_have_any_name() -> None:
    flow = compile_flow(1, document(a={"state": "b", "model": "b", "trigger": "b", "转人工": "b"}, b={}))
    for name in ("state", "model", "trigger", "转人工"):
        caller = session("a")
        flow.move(caller, name)
        assert caller.node == "b"


def test_many_threads_share_one_machine_without_mixing_calls() -> None:
    flow = compile_flow(1, document(**{f"n{n}": {"next": f"n{(n + 1) % 7}"} for n in range(7)}))
    wrong: list[str] = []

    def run(start: int) -> None:
        caller = session(f"n{start % 7}")
        for step in range(1, 400):
            flow.move(caller, "next")
            if caller.node != f"n{(start + step) % 7}":
                wrong.append(caller.node)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_version_is_compiled_once_per_process() -> None:
    cache, loads = FlowCache(), []

    def load() -> FlowDocument:
        loads.append(1)
        return document(a={})

    assert cache.get(1, load) is cache.get(1, load)
    assert len(loads) == 1


def test_the_cache_forgets_the_version_used_longest_ago() -> None:
    cache = FlowCache(at_most=2)
    for version in (1, 2, 1, 3):
        cache.get(version, lambda: document(a={}))
    assert len(cache) == 2
    again: list[int] = []
    cache.get(1, lambda: again.append(1) or document(a={}))
    assert again == []
