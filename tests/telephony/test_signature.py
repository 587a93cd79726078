"""Only what Twilio signed passes, whatever stands between Twilio and this application."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import HMAC_SHA256, RequestValidator

from telephony.provider import HttpRequest, ProviderError
from telephony.twilio.signature import SignatureCheck

TOKEN = "12345"
BASE = "https://mycompany.com"
FORM = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+12349013030"],
    "Digits": ["1234"],
    "From": ["+12349013030"],
    "To": ["+18005551212"],
}
FORM_TYPE = "application/x-www-form-urlencoded; charset=utf-8"


class Form(dict):
    """A form as the signing side has it."""

    def getall(self, name: str) -> Sequence[str]:
        return self[name]


def signed(
    target: str,
    form: Mapping[str, Sequence[str]] | None = None,
    *,
    method: str = "POST",
    base: str = BASE,
    token: str = TOKEN,
) -> HttpRequest:
    """A request as Twilio sends it to `base + target`."""
    signature = RequestValidator(token).compute_signature(base + target, Form(form or {}) if method == "POST" else {})
    return HttpRequest(
        method=method,
        target=target,
        headers={"x-twilio-signature": signature, "content-type": FORM_TYPE},
        form=form or {},
    )


def passes(request: HttpRequest, base: str = BASE) -> bool:
    return SignatureCheck(TOKEN, base).passes(request)


def test_the_documented_vector_passes() -> None:
    headers = {"x-twilio-signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", "content-type": FORM_TYPE}
    assert passes(HttpRequest(method="POST", target="/myapp.php?foo=1&bar=2", headers=headers, form=FORM))


@pytest.mark.parametrize(
    "target",
    [
        "/voice",
        "/",
        "/voice/",
        "/voice?x=1&y=2",
        "/voice?x=a%20b",
        "/voice?x=a+b",
        "/voice?x=%2B1415",
        "/voice?x=%E4%BD%A0",
        "/voice?x=%e4%bd%a0",
        "/voice?x=a%7Cb",
        "/voice?x=a|b",
        "/voice?x=%27quoted%27",
        "/voice?x=%25",
        "/voice?x=1&x=2",
        "/voice?x",
        "/voice?x=",
        "/voice/a%2Fb",
        "/voice/%E5%8C%85",
        "/voice//double",
        "/voice;p=1?x=1",
        "/voice?url=https://a.example/%3Fb",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_spelling_of_a_target_passes_as_it_was_sent(target: str, method: str) -> None:
    assert passes(signed(target, FORM if method == "POST" else {}, method=method))


def test_another_spelling_of_the_same_target_does_not_pass() -> None:
    request = signed("/voice?x=%27a%27", FORM)
    assert not passes(replace(request, target="/voice?x='a'"))


@pytest.mark.parametrize(
    ("requested", "configured"),
    [
        ("https://mycompany.com", "https://mycompany.com"),
        ("https://mycompany.com", "https://mycompany.com/"),
        ("https://mycompany.com:443", "https://mycompany.com"),
        ("https://mycompany.com", "https://mycompany.com:443"),
        ("http://mycompany.com:80", "http://mycompany.com"),
        ("https://mycompany.com:8443", "https://mycompany.com:8443"),
        ("https://mycompany.com", "https://mycompany.com:8443"),
    ],
)
def test_ports_that_twilio_leaves_out_or_puts_in_make_no_difference(requested: str, configured: str) -> None:
    assert passes(signed("/voice?x=1", FORM, base=requested), configured)


def test_the_host_and_forwarded_headers_of_a_request_are_not_believed() -> None:
    request = signed("/voice", FORM, base="https://evil.example")
    lies = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    assert not passes(replace(request, headers={**request.headers, **lies}))
    behind_a_proxy = signed("/voice", FORM)
    inside = {"host": "127.0.0.1:5000", "x-forwarded-proto": "http"}
    assert passes(replace(behind_a_proxy, headers={**behind_a_proxy.headers, **inside}))


def test_a_prefix_that_the_proxy_strips_belongs_to_the_configured_base() -> None:
    assert passes(signed("/voice", FORM, base="https://mycompany.com/desk"), "https://mycompany.com/desk")


def test_a_target_in_absolute_form_is_cut_to_path_and_query() -> None:
    request = signed("/voice?x=%20", FORM)
    assert passes(replace(request, target="http://127.0.0.1:8000/voice?x=%20"))


def test_unknown_blank_and_repeated_parameters_are_all_signed() -> None:
    form = {**FORM, "CalledZip": [""], "NewSince2027": ["包裹"], "Media": ["b", "a", "b"], "caller": ["x"]}
    request = signed("/voice", form)
    assert passes(request)
    for name in ("CalledZip", "NewSince2027", "Media"):
        assert not passes(replace(request, form={k: v for k, v in form.items() if k != name}))
    assert not passes(replace(request, form={**form, "Media": ["a"]}))
    assert not passes(replace(request, form={**form, "Extra": ["1"]}))


@settings(deadline=None)
@given(
    form=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1, max_size=3),
        max_size=8,
    )
)
def test_any_form_passes_as_signed_and_not_with_another_token(form: dict[str, list[str]]) -> None:
    assert passes(signed("/voice", form))
    assert not passes(signed("/voice", form, token="another"))


def test_an_empty_secret_with_which_anybody_could_sign_is_refused() -> None:
    for token, keys in (("", {}), (TOKEN, {"key": ""})):
        with pytest.raises(ProviderError, match=r"not set"):
            SignatureCheck(token, BASE, keys)


@pytest.mark.parametrize("signature", ["", "x", "0/KCTR6DLpKmkAf8muzZqo1nDgQ", "ÿ" * 28, "=" * 5_000])
def test_a_missing_or_mangled_signature_does_not_pass(signature: str) -> None:
    request = signed("/voice", FORM)
    assert not passes(replace(request, headers={**request.headers, "x-twilio-signature": signature}))


def test_a_request_without_signature_does_not_pass() -> None:
    assert not passes(HttpRequest(method="POST", target="/voice", headers={}, form=FORM))


@pytest.mark.parametrize("target", ["//[", "http://[", "/voice?x=\ud800", "*"])
def test_a_target_that_is_no_url_does_not_pass_and_does_not_raise(target: str) -> None:
    headers = {"x-twilio-signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}
    assert not passes(HttpRequest(method="POST", target=target, headers=headers, form=FORM))


def test_values_that_are_not_utf_8_do_not_pass_and_do_not_raise() -> None:
    request = signed("/voice", FORM)
    assert not passes(replace(request, form={**FORM, "Body": ["\udcff"]}))


def json_request(body: bytes, *, hashed: bytes | None = None) -> HttpRequest:
    query = f"?bodySHA256={hashlib.sha256(body if hashed is None else hashed).hexdigest()}"
    request = signed("/events" + query, {})
    return replace(request, headers={**request.headers, "content-type": "application/json"}, body=body)


def test_a_json_body_passes_by_its_hash_and_a_changed_one_does_not() -> None:
    body = '{"words": "包裹"}'.encode()
    assert passes(json_request(body))
    assert not passes(json_request(b'{"words": "x"}', hashed=body))
    assert not passes(json_request(b"\xff\xfe"))


def test_a_body_that_no_hash_covers_does_not_pass() -> None:
    request = signed("/events", {})
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
        assert not passes(replace(request, headers={**request.headers, "content-type": kind}, body=b'{"x": 1}'))


SHARED = {"webhooks_sharedkey_1": "shared secret"}
SETTINGS = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"


def shared_key_request(settings: str, secret: str = "shared secret") -> HttpRequest:
    request = signed("/voice", FORM)
    signature = RequestValidator(secret).compute_signature(BASE + "/voice", Form(FORM), HMAC_SHA256)
    headers = {"x-twilio-signature": signature, "x-twilio-webhooks-signature-settings": settings}
    return replace(request, headers={**request.headers, **headers})


def test_a_shared_key_signs_in_place_of_the_token() -> None:
    check = SignatureCheck(TOKEN, BASE, SHARED)
    assert check.passes(shared_key_request(SETTINGS))
    assert not check.passes(shared_key_request(SETTINGS, secret="wrong"))
    assert not check.passes(shared_key_request("key=webhooks_sharedkey_1,algorithm=HMAC_MD5"))
    assert check.passes(signed("/voice", FORM))


def test_a_shared_key_that_is_not_configured_is_refused_and_said_so(caplog: pytest.LogCaptureFixture) -> None:
    assert not SignatureCheck(TOKEN, BASE).passes(shared_key_request(SETTINGS))
    assert not SignatureCheck(TOKEN, BASE, SHARED).passes(shared_key_request("algorithm=HMAC_SHA256", secret=TOKEN))
    assert re.search(r"shared key that is not configured", caplog.text)
