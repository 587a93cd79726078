"""How calls of the demo's past ended, and how often each way."""

from __future__ import annotations

from dataclasses import dataclass

from callbacks.attempt import BusinessOutcome, CarrierOutcome
from callbacks.case import CloseReason
from callbacks.settings import Result


@dataclass(frozen=True, kw_only=True)
class Fate:
    """How one dial ends. `result` is the row of the retry matrix it falls in, None when the case is over with it."""

    weight: int
    carrier: CarrierOutcome
    business: BusinessOutcome | None = None
    result: Result | None = None
    close: CloseReason | None = None
    word: str = ""
    answered_by: str = ""
    talk_s: tuple[int, int] = (0, 0)


ANSWERED, MET = CarrierOutcome.ANSWERED, CloseReason.GOAL_MET
FATES = (
    *(
        Fate(
            weight=weight,
            carrier=ANSWERED,
            business=BusinessOutcome.GOAL,
            close=MET,
            word=word,
            answered_by="human",
            talk_s=(22, 55),
        )
        for word, weight in (("door", 24), ("station", 14), ("locker", 9), ("another_day", 6), ("refused", 2))
    ),
    Fate(weight=8, carrier=CarrierOutcome.BUSY, result=Result.BUSY),
    Fate(weight=15, carrier=CarrierOutcome.NO_ANSWER, result=Result.NO_ANSWER),
    Fate(weight=3, carrier=CarrierOutcome.REJECTED, result=Result.REJECTED),
    Fate(weight=1, carrier=CarrierOutcome.INVALID_NUMBER, close=CloseReason.INVALID_NUMBER),
    Fate(
        weight=9,
        carrier=ANSWERED,
        business=BusinessOutcome.MACHINE,
        result=Result.MACHINE,
        word="voicemail",
        answered_by="machine_end_beep",
        talk_s=(14, 26),
    ),
    Fate(
        weight=4,
        carrier=ANSWERED,
        business=BusinessOutcome.INCOMPLETE,
        result=Result.INCOMPLETE,
        answered_by="human",
        talk_s=(2, 9),
    ),
    Fate(
        weight=2,
        carrier=ANSWERED,
        business=BusinessOutcome.WRONG_PERSON,
        close=CloseReason.WRONG_PERSON,
        word="wrong_person",
        answered_by="human",
        talk_s=(8, 16),
    ),
    Fate(
        weight=2,
        carrier=ANSWERED,
        business=BusinessOutcome.HANDED_OVER,
        close=CloseReason.HANDED_OVER,
        word="transferred",
        answered_by="human",
        talk_s=(60, 180),
    ),
)
STOP = Fate(
    weight=0,
    carrier=ANSWERED,
    business=BusinessOutcome.OPTED_OUT,
    close=CloseReason.OPTED_OUT,
    word="opted_out",
    answered_by="human",
    talk_s=(6, 14),
)
