"""A small TwiML app that checks every signature, and the official client pointed at the simulated carrier."""

import threading
from collections.abc import Callable

from flask import Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator

ACCOUNT = "AC" + "1" * 32
TOKEN = "token-of-the-tests"
NUMBER = "+862155550100"
CALLER = "+8613800138000"
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<Response>{}</Response>'

Page = str | Response | Callable[[dict[str, str]], "str | Response"]


class TwimlApp:
    """Pages by path; each is the inside of a Response, a whole answer, or a function of the form."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.tokens: list[tuple[str, str]] = []
        self.unsigned: list[str] = []
        self.url = ""
        self._lock = threading.Lock()

    def page(self, path: str, inside: Page) -> str:
        """Serve `inside` at `path`; the whole address."""
        self.pages[path] = inside
        return self.url + path

    def of(self, path: str) -> list[dict[str, str]]:
        """The forms that came to `path`, in order of arrival."""
        return [form for where, form in self.forms if where == path]

    def answer(self, path: str) -> Response:
        form = {**request.args.to_dict(), **request.form.to_dict()}
        query = request.environ["RAW_URI"] if "RAW_URI" in request.environ else request.environ["REQUEST_URI"]
        signed = self.url + query
        valid = RequestValidator(TOKEN).validate(
            signed, request.form.to_dict(), request.headers.get("X-Twilio-Signature", "")
        )
        with self._lock:
            self.forms.append(("/" + path, form))
            self.tokens.append(("/" + path, request.headers["I-Twilio-Idempotency-Token"]))
            if not valid:
                self.unsigned.append(signed)
        page = self.pages.get("/" + path)
        if page is None:
            return Response("nothing here", status=404)
        content = page(form) if callable(page) and not isinstance(page, Response) else page
        if isinstance(content, Response):
            # A Response object is used up by being sent; a page may be asked for many times.
            return Response(content.get_data(), content.status_code, headers=list(content.headers))
        return Response(XML.format(content), content_type="text/xml")


class SimulatedHost(TwilioHttpClient):
    """The official client's transport, with another base address and nothing else changed."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    def request(self, method, url, *rest, **options):
        return super().request(method, url.replace("https://api.twilio.com", self._base_url), *rest, **options)
