"""The parameters that every voice webhook carries."""

from simulator.calls import Call, CallStatus
from simulator.phone_numbers import country

API_VERSION = "2010-04-01"


def call_parameters(call: Call, status: CallStatus | None = None) -> dict[str, str]:
    """CallSid, AccountSid, From, To, their legacy twins, status, direction, and places, mostly empty as in the field.

    Source: https://www.twilio.com/docs/voice/twiml#request-parameters, and payloads that users published.
    """
    params = {
        "AccountSid": call.account_sid,
        "ApiVersion": API_VERSION,
        "CallSid": call.sid,
        "CallStatus": (status or call.status).value,
        "Called": call.to,
        "Caller": call.from_,
        "Direction": call.direction,
        "From": call.from_,
        "To": call.to,
    }
    for name, address in (("Called", call.to), ("To", call.to), ("Caller", call.from_), ("From", call.from_)):
        params |= {f"{name}City": "", f"{name}State": "", f"{name}Zip": "", f"{name}Country": country(address)}
    optional = {
        "ParentCallSid": call.parent_sid,
        "ForwardedFrom": call.forwarded_from,
        "CallerName": call.caller_name,
        "AnsweredBy": call.answered_by,
    }
    params |= {name: value for name, value in optional.items() if value}
    if call.direction == "inbound":
        params |= {"CallToken": f'{{"parentCallInfoToken":"{call.sid}"}}', "StirVerstat": "No-TN-Validation"}
    return params
