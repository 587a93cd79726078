"""Runs TwiML on a leg: fetch a document, run its verbs, go where the last one says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

from simulator.calls import Source
from simulator.carrier import Carrier
from simulator.legs import HungUp, Leg, Redirected
from simulator.request_parameters import call_parameters
from simulator.speech_time import seconds_to_say
from simulator.twiml.document import TwimlError, read_answer, read_document
from simulator.twiml.grammar import VERBS, complaints
from simulator.webhook import Answer, WebhookFailedError, make_webhook

APPLICATION_ERROR = "We are sorry, an application error has occurred. Goodbye."
# A document that redirects to itself for ever would never let the call end.
DOCUMENT_LIMIT = 2_000
# While one of these is the first verb, the caller goes on hearing the ringing tone.
_UNANSWERED_VERBS = frozenset({"Reject", "Redirect"})


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where the call goes next, with the parameters that a verb adds to the request."""

    source: Source
    params: dict[str, str] = field(default_factory=dict)
    fallback: bool = False


class Execution:
    """One thread of TwiML on one leg.

    Args:
        kind: voice for the call itself, wait for the music of a queue; what the request log says.
        verbs: what may be used here; None for everything.
        extra: parameters that every request of this thread carries (a queue's position).
        root: this is the call's own thread, so a REST redirect is its business.
    """

    def __init__(
        self,
        carrier: Carrier,
        leg: Leg,
        *,
        kind: str = "voice",
        verbs: frozenset[str] | None = None,
        extra: Callable[[], dict[str, str]] = dict,
        root: bool = True,
    ) -> None:
        self.carrier = carrier
        self.leg = leg
        self.base: str | None = None
        self._kind = kind
        self._verbs = verbs
        self._extra = extra
        self._root = root

    @property
    def in_queue(self) -> bool:
        """True for the thread that entertains a waiting caller."""
        return self._kind == "wait"

    async def run(self, source: Source, params: dict[str, str] | None = None) -> None:
        """Run until the verbs are used up. Raises HungUp when the call ended before."""
        step: Step | None = Step(source=source, params=params or {})
        for _ in range(DOCUMENT_LIMIT):
            if step is None:
                return
            step = await self._turn(step)
        raise HungUp("carrier", "too many documents")

    async def _turn(self, step: Step) -> Step | None:
        try:
            root = await self._fetch(step)
            return await self._perform(root)
        except Redirected as signal:
            if not self._root:
                raise
            return Step(source=signal.source)
        except TwimlError as error:
            self.leg.phone.emit("failure", code=error.code, message=str(error))
            return await self._fall_back(error, step)

    async def _fetch(self, step: Step) -> Element:
        source = step.source
        if source.url is None:
            root, self.base = read_document((source.twiml or "").encode()), None
            self.leg.phone.emit("twiml", url=None, document=source.twiml, status=None, ms=0.0)
        else:
            params = call_parameters(self.leg.call) | self._extra() | step.params
            answer = await self.leg.until(self._ask(source.url, source.method, params))
            self.base = answer.url
            root = self._read(answer)
        for sentence in complaints(root):
            self.leg_complains(12200, sentence)
        return root

    async def _ask(self, url: str, method: str, params: dict[str, str]) -> Answer:
        self.leg.phone.emit("request", url=url, method=method, params=params)
        try:
            return await self.carrier.webhooks.send(make_webhook(self._kind, url, params, self.leg.call, method=method))
        except WebhookFailedError as failure:
            self.carrier.complain(
                self.leg,
                failure.code,
                str(failure),
                request_url=url,
                request_method=method,
                response_body=failure.answer.body.decode("utf-8", "replace") if failure.answer else "",
            )
            raise TwimlError(failure.code, str(failure)) from failure

    def _read(self, answer: Answer) -> Element:
        text = answer.body.decode("utf-8", "replace")
        self.leg.phone.emit("twiml", url=answer.url, document=text, status=answer.status, ms=answer.ms)
        try:
            return read_answer(answer.body, answer.content_type)
        except TwimlError as error:
            self.carrier.complain(
                self.leg,
                error.code,
                str(error),
                request_url=answer.url,
                response_body=text,
                response_headers=answer.headers,
            )
            raise

    async def _fall_back(self, error: TwimlError, step: Step) -> Step | None:
        """Ask the fallback URL, once; without one the caller hears of an application error and is cut off."""
        fallback = self.leg.call.fallback
        if fallback is not None and not step.fallback and self._kind == "voice":
            params = {"ErrorCode": str(error.code), "ErrorUrl": step.source.url or ""}
            return Step(source=fallback, params=params, fallback=True)
        if self._kind != "voice":
            return None
        self.carrier.answer(self.leg)
        seconds = seconds_to_say(APPLICATION_ERROR)
        self.leg.phone.emit(
            "say", text=APPLICATION_ERROR, language="en-US", voice="carrier", duration_s=seconds, interruptible=False
        )
        await self.leg.pass_time(seconds)
        raise HungUp("carrier", "application error")

    async def _perform(self, root: Element) -> Step | None:
        from simulator.twiml.verbs import PERFORM

        for verb in root:
            perform = PERFORM.get(verb.tag)
            if perform is None or (self._verbs is not None and verb.tag not in self._verbs):
                if verb.tag in VERBS:
                    self.leg_complains(12200, f"'{verb.tag}' cannot be used here.")
                continue
            if verb.tag not in _UNANSWERED_VERBS and verb.get("answerOnBridge", "").lower() != "true":
                self.carrier.answer(self.leg)
            step = await perform(self, verb)
            if step is not None:
                return step
        return None

    def leg_complains(self, code: int, sentence: str) -> None:
        """A warning about the document at hand."""
        self.carrier.complain(self.leg, code, sentence, request_url=self.base or "")

    def resolve(self, url: str | None) -> str:
        """An address in the document as an absolute one; empty means the document's own.

        Raises:
            TwimlError: 11100, when it stays relative, as every address does in TwiML given to the REST interface.
        """
        absolute = urljoin(self.base or "", (url or "").strip())
        parts = urlsplit(absolute)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            self.leg_complains(11100, f"'{absolute[:200]}' is not an absolute URL.")
            raise TwimlError(11100, f"'{absolute[:200]}' is not an absolute URL.")
        return absolute

    def step(self, verb: Element, params: dict[str, str]) -> Step:
        """The action of `verb`, by default the current document's address."""
        source = Source(url=self.resolve(verb.get("action")), method=verb.get("method", "POST").upper())
        return Step(source=source, params=params)

    async def tell(self, verb: Element, params: dict[str, str]) -> None:
        """Request the action of `verb` although the call is over: nobody runs the answer."""
        step = self.step(verb, params)
        merged = call_parameters(self.leg.call) | step.params
        try:
            answer = await self._ask(step.source.url or "", step.source.method, merged)
        except TwimlError:
            return
        self.leg.phone.emit(
            "twiml",
            url=answer.url,
            document=answer.body.decode("utf-8", "replace"),
            status=answer.status,
            ms=answer.ms,
            ignored=True,
        )
