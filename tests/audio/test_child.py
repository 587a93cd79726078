"""A child may die or hang; its parent goes on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from audio.child import Child, ChildDied, ChildHung
from audio.errors import AudioError, RecognizerFailed

PATIENCE_S = 60.0


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child(module="tests.audio.unruly_child", set_up="ready", name="The child")
    yield child
    child.close()


def test_a_child_stays_warm_between_questions(child: Child) -> None:
    assert child.pid is None
    assert child.ask("hello", PATIENCE_S) == child.ask("hello", PATIENCE_S) == ("ready", child.pid)


def test_a_child_killed_by_a_signal_is_reported_and_replaced(child: Child) -> None:
    first = child.ask("hello", PATIENCE_S)
    with pytest.raises(ChildDied, match=r"The child stopped without an answer \(exit -11\)"):
        child.ask("die", PATIENCE_S)
    assert child.ask("hello", PATIENCE_S) != first


def test_a_child_that_hangs_is_stopped_and_replaced(child: Child) -> None:
    _, pid = child.ask("hello", PATIENCE_S)
    with pytest.raises(ChildHung, match="gave no answer"):
        child.ask("hang", 0.2)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert child.ask("hello", PATIENCE_S)[0] == "ready"


def test_an_error_of_this_room_arrives_as_itself_and_the_child_stays(child: Child) -> None:
    _, pid = child.ask("hello", PATIENCE_S)
    with pytest.raises(RecognizerFailed, match="I will not"):
        child.ask("refuse", PATIENCE_S)
    with pytest.raises(AudioError, match="ValueError: oh"):
        child.ask("blunder", PATIENCE_S)
    assert child.pid == pid


def test_what_an_engine_prints_does_not_disturb_the_answer(child: Child) -> None:
    assert child.ask("print", PATIENCE_S)[0] == "ready"


def test_many_threads_share_one_child(child: Child) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: child.ask("hello", PATIENCE_S), range(24)))
    assert answers == {("ready", child.pid)}


def test_a_closed_child_is_gone_and_comes_back_when_asked(child: Child) -> None:
    _, pid = child.ask("hello", PATIENCE_S)
    child.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert child.ask("hello", PATIENCE_S)[1] != pid
