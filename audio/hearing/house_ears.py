"""All ears of one process: our own recognisers, in worker processes that are kept warm, watched and replaced."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import time
from collections.abc import Callable, Iterable

from audio.catalogue import primary
from audio.errors import RecognizerFailed
from audio.hearing import silero
from audio.hearing.capacity import calls_more, cores_for_call
from audio.hearing.choice import HearingSettings, Plan, QuestionClass, class_of, plan_for
from audio.hearing.ears import EarFailedError, NoEarError
from audio.hearing.engine import EngineSpec
from audio.hearing.engine_group import EngineGroup
from audio.hearing.figures import EngineFigures
from audio.hearing.house_ear import HouseEar
from audio.hearing.question import Question

# What killed the recogniser twice is not asked of it again for so long. Other questions are.
_POISONED_S = 3600.0
_MOST_POISONED = 1000

_log = logging.getLogger(__name__)


class HouseEars:
    """See `Ears`. Made and used within one event loop.

    Args:
        settings: models, the choice of engines, and limits.
        plan: which engine hears which class of question in a language; by `settings` unless given.
    """

    def __init__(self, settings: HearingSettings, plan: Callable[[str], Plan] | None = None) -> None:
        self._settings = settings
        self._plan = plan or (lambda language: plan_for(language, settings))
        self._groups: dict[EngineSpec, EngineGroup] = {}
        self._plans: dict[str, Plan] = {}
        self._open: set[HouseEar] = set()
        self._numbers = itertools.count(1)
        self._poisoned: dict[Question, float] = {}

    async def start(self, languages: Iterable[str]) -> None:
        """Start the engines of these languages and return when they are warm.

        A language without a model, or whose engine does not start, has no room; the log says why.
        """
        await asyncio.to_thread(silero.warm_up)  # Who needs ears needs to know when somebody speaks.
        wanted = {primary(language): await asyncio.to_thread(self._plan, language) for language in languages}
        for language, plan in wanted.items():
            if not plan:
                _log.warning("No installed model hears %s live: flask speech install %s", language, language)
        new = {spec for plan in wanted.values() for spec in plan.values()} - self._groups.keys()
        for spec, group in await asyncio.gather(*(self._started(spec) for spec in new)):
            if group is not None:
                self._groups[spec] = group
        for language, plan in wanted.items():
            self._plans[language] = self._what_started(plan)

    def room(self, language: str) -> int:
        """See `Ears`. 0 too while a recogniser is being replaced or is late: then new calls would be heard late."""
        groups = self._groups_of(language)
        if not groups or any(not each.is_ready or each.lag_ms() > self._settings.lag_limit_ms for each in groups):
            return 0
        if self._settings.max_calls:
            return max(0, self._settings.max_calls - len(self._open))
        return self._calls_more(self._main_group(language) or groups[0])

    async def open(self, language: str, on_partial: Callable[[str], None] | None = None) -> HouseEar:
        """See `Ears`."""
        if self.room(language) <= 0:
            why = "all recognisers are busy" if self._groups_of(language) else "no recogniser was started for it"
            raise NoEarError(f"Nobody can listen in {language} now: {why}.")
        ear = HouseEar(self, language, on_partial)
        self._open.add(ear)
        return ear

    async def close(self) -> None:
        """See `Ears`."""
        groups = list(self._groups.values())
        self._groups.clear()
        self._plans.clear()
        await asyncio.gather(*(group.close() for group in groups))

    def figures(self) -> tuple[EngineFigures, ...]:
        """What was measured of each engine."""
        return tuple(group.figures() for group in self._groups.values())

    def group_for(self, question: Question) -> EngineGroup:
        """The workers that hear a question. Raises EarFailedError: there are none, or the question is deadly."""
        if self._poisoned.get(question, 0.0) > time.monotonic():
            raise EarFailedError("This question has ended the recogniser before and is not asked again.")
        spec = self._plans.get(primary(question.language), {}).get(class_of(question.kind))
        group = self._groups.get(spec) if spec is not None else None
        if group is None:
            raise EarFailedError(f"No recogniser hears {class_of(question.kind)} questions in {question.language}.")
        return group

    def next_number(self) -> int:
        """For a new utterance."""
        return next(self._numbers) & 0xFFFFFFFF or next(self._numbers)

    def given_back(self, ear: HouseEar) -> None:
        """The ear is closed; twice is once."""
        self._open.discard(ear)

    async def _started(self, spec: EngineSpec) -> tuple[EngineSpec, EngineGroup | None]:
        group = EngineGroup(spec, self._is_deadly)
        try:
            await group.start()
        except RecognizerFailed as error:
            _log.warning("The recogniser %s does not start: %s", spec.name, error)
            return spec, None
        return spec, group

    def _what_started(self, plan: Plan) -> Plan:
        """The plan with engines that run; where one does not, another of the same plan that can do its work."""
        found: dict[QuestionClass, EngineSpec] = {}
        for question_class, wanted in plan.items():
            for spec in (wanted, *plan.values()):
                group = self._groups.get(spec)
                can = group.capabilities if group is not None else None
                if can is not None and (can.open if question_class is QuestionClass.OPEN else can.closed):
                    found[question_class] = spec
                    break
        return found

    def _groups_of(self, language: str) -> list[EngineGroup]:
        specs = set(self._plans.get(primary(language), {}).values())
        return [self._groups[spec] for spec in specs if spec in self._groups]

    def _main_group(self, language: str) -> EngineGroup | None:
        """The workers for closed answers, or for what there is: most questions are closed."""
        plan = self._plans.get(primary(language), {})
        spec = plan.get(QuestionClass.CLOSED) or next(iter(plan.values()), None)
        return self._groups.get(spec) if spec is not None else None

    def _calls_more(self, group: EngineGroup) -> int:
        if group.capabilities is None:
            return 0
        open_groups = [each for each in (self._main_group(ear.language) for ear in self._open) if each is not None]
        used = {each: cores_for_call(each.capabilities) for each in open_groups if each.capabilities is not None}
        return calls_more(
            group.capabilities,
            processes=group.spec.processes,
            cores=os.cpu_count() or 1,
            used=[used[each] for each in open_groups if each in used],
            used_of_engine=open_groups.count(group) * cores_for_call(group.capabilities),
        )

    def _is_deadly(self, question: Question) -> None:
        _log.error("A question in %s ended the recogniser twice; it goes to the carrier.", question.language)
        while len(self._poisoned) >= _MOST_POISONED:
            del self._poisoned[next(iter(self._poisoned))]
        self._poisoned[question] = time.monotonic() + _POISONED_S
