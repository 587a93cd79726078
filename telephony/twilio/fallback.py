"""A document for Twilio's fallback URL that takes a voicemail while this application is down.

It is put on any file server, so nothing in it may need the application. Two consequences:

* `<Record>` asks its action for more instructions, and the action cannot be ours. Without one, Twilio asks for the
  same document again, so a caller who stays on the line hears the text again: the text says "then hang up". With
  `thanks_url` (the document of `thanks_document`, put beside the first) the caller hears thanks instead.
* The recording's status callback finds nobody. When the application is back, it finds the recording by listing them.
"""

from __future__ import annotations

from collections.abc import Mapping

from twilio.twiml.voice_response import VoiceResponse

from telephony.twilio.twiml import append_prompt
from telephony.verbs import Record, Say
from telephony.well_formed import require_well_formed

MAX_VOICEMAIL_S = 300
_SILENCE_S = 10

SORRY = {
    "zh-CN": "很抱歉，我们的系统暂时出现故障。请在提示音后留言，说明您的姓名、电话和来意，"
    "说完后挂机即可，我们会尽快给您回电。",
    "en-US": "We are sorry, our system has a fault at the moment. After the tone, please leave your name, your number"
    " and what it is about, then hang up. We will call you back.",
}
THANKS = {"zh-CN": "谢谢，您的留言已经收到。再见。", "en-US": "Thank you, we have your message. Goodbye."}


def static_fallback_document(texts: Mapping[str, str], recording_status_url: str, thanks_url: str = "") -> str:
    """TwiML that says sorry in every language and takes a voicemail of at most five minutes.

    Args:
        texts: what is said, by language tag, in this order; `SORRY` has ready ones.
        recording_status_url: told when the recording is ready, if the application is up by then.
        thanks_url: absolute URL of `thanks_document`, or "".

    Raises:
        ProviderError: a URL is not absolute, or Twilio has no voice for a language.
    """
    # The same checks as for a live answer; without thanks, the document's own URL stands in for the action.
    require_well_formed(
        [Record(action=thanks_url or recording_status_url, recording_status=recording_status_url)],
    )
    response = _spoken(texts)
    response.record(
        action=thanks_url or None,
        method="GET",
        max_length=MAX_VOICEMAIL_S,
        timeout=_SILENCE_S,
        finish_on_key="#",
        play_beep=True,
        recording_status_callback=recording_status_url,
        recording_status_callback_method="POST",
        recording_status_callback_event="completed absent",
    )
    response.hangup()
    return str(response)


def thanks_document(texts: Mapping[str, str]) -> str:
    """TwiML that thanks in every language and hangs up."""
    response = _spoken(texts)
    response.hangup()
    return str(response)


def _spoken(texts: Mapping[str, str]) -> VoiceResponse:
    response = VoiceResponse()
    for language, text in texts.items():
        append_prompt(response, Say(text=text, language=language))
    return response
