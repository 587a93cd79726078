"""Resources as JSON, with every field that Twilio's OpenAPI and the official client know."""

from datetime import datetime
from typing import Any

from simulator.calls import Call, CallStatus
from simulator.carrier import Carrier
from simulator.dates import rfc2822
from simulator.messages import Message
from simulator.notifications import Notification
from simulator.phone_numbers import PhoneNumber
from simulator.queues import CallQueue, Member
from simulator.recordings import Recording
from simulator.request_parameters import API_VERSION

Shape = dict[str, Any]


def account_uri(carrier: Carrier, rest: str) -> str:
    """`/2010-04-01/Accounts/AC…/<rest>`."""
    return f"/{API_VERSION}/Accounts/{carrier.settings.account_sid}/{rest}"


def call_shape(carrier: Carrier, call: Call) -> Shape:
    base = account_uri(carrier, f"Calls/{call.sid}")
    # "initiated" is known to status callbacks only; the resource is still queued then.
    status = CallStatus.QUEUED if call.status is CallStatus.INITIATED else call.status
    parts = ("notifications", "recordings", "payments", "events", "siprec", "streams", "transcriptions")
    return {
        "sid": call.sid,
        "date_created": rfc2822(call.created),
        "date_updated": rfc2822(call.ended or call.answered or call.created),
        "parent_call_sid": call.parent_sid,
        "account_sid": call.account_sid,
        "to": call.to,
        "to_formatted": call.to,
        "from": call.from_,
        "from_formatted": call.from_,
        "phone_number_sid": call.number_sid,
        "status": status.value,
        "start_time": rfc2822(call.started),
        "end_time": rfc2822(call.ended),
        "duration": str(call.duration_s) if call.ended else None,
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by,
        "annotation": None,
        "api_version": API_VERSION,
        "forwarded_from": call.forwarded_from,
        "group_sid": None,
        "caller_name": call.caller_name,
        "queue_time": str(call.queue_time_ms),
        "trunk_sid": None,
        "uri": base + ".json",
        "subresource_uris": {name: f"{base}/{name.capitalize()}.json" for name in parts},
    }


def message_shape(carrier: Carrier, message: Message) -> Shape:
    base = account_uri(carrier, f"Messages/{message.sid}")
    return {
        "sid": message.sid,
        "account_sid": message.account_sid,
        "api_version": API_VERSION,
        "body": message.body,
        "date_created": rfc2822(message.created),
        "date_updated": rfc2822(message.updated),
        "date_sent": rfc2822(message.sent),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": message.error_message,
        "from": message.from_,
        "messaging_service_sid": message.messaging_service_sid,
        "num_media": "0",
        "num_segments": str(message.segments),
        "price": None,
        "price_unit": "USD",
        "status": message.status,
        "to": message.to,
        "uri": base + ".json",
        "subresource_uris": {"media": base + "/Media.json"},
    }


def recording_shape(carrier: Carrier, recording: Recording) -> Shape:
    base = account_uri(carrier, f"Recordings/{recording.sid}")
    return {
        "sid": recording.sid,
        "account_sid": recording.account_sid,
        "api_version": API_VERSION,
        "call_sid": recording.call_sid,
        "conference_sid": None,
        "date_created": rfc2822(recording.created),
        "date_updated": rfc2822(recording.created),
        "start_time": rfc2822(recording.started),
        "duration": str(recording.duration_s) if recording.status == "completed" else None,
        "price": None,
        "price_unit": "USD",
        "status": recording.status,
        "channels": recording.channels,
        "source": recording.source,
        "track": recording.track,
        "error_code": None,
        "encryption_details": None,
        "media_url": carrier.settings.public_url + base,
        "uri": base + ".json",
        "subresource_uris": {
            "add_on_results": base + "/AddOnResults.json",
            "transcriptions": base + "/Transcriptions.json",
        },
    }


def number_shape(carrier: Carrier, number: PhoneNumber) -> Shape:
    return {
        "sid": number.sid,
        "account_sid": carrier.settings.account_sid,
        "address_sid": None,
        "address_requirements": "none",
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": number.voice, "sms": number.sms, "mms": False, "fax": False},
        "date_created": rfc2822(datetime.fromisoformat(number.created)),
        "date_updated": rfc2822(datetime.fromisoformat(number.updated)),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": number.friendly_name,
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": number.phone_number,
        "sms_application_sid": "",
        "sms_fallback_method": number.sms_fallback_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_method": number.sms_method,
        "sms_url": number.sms_url,
        "status": "in-use",
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "trunk_sid": None,
        "type": None,
        "uri": account_uri(carrier, f"IncomingPhoneNumbers/{number.sid}.json"),
        "voice_application_sid": "",
        "voice_caller_id_lookup": False,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_method": number.voice_method,
        "voice_receive_mode": "voice",
        "voice_url": number.voice_url,
    }


def queue_shape(carrier: Carrier, queue: CallQueue) -> Shape:
    return {
        "sid": queue.sid,
        "account_sid": carrier.settings.account_sid,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": queue.max_size,
        "average_wait_time": queue.average_wait_s(carrier.clock.now()),
        "date_created": rfc2822(queue.created),
        "date_updated": rfc2822(queue.updated),
        "uri": account_uri(carrier, f"Queues/{queue.sid}.json"),
        "subresource_uris": {"members": account_uri(carrier, f"Queues/{queue.sid}/Members.json")},
    }


def member_shape(carrier: Carrier, queue: CallQueue, member: Member) -> Shape:
    sid = member.leg.call.sid
    return {
        "queue_sid": queue.sid,
        "call_sid": sid,
        "date_enqueued": rfc2822(member.since),
        "position": queue.position(member.leg),
        "wait_time": int((carrier.clock.now() - member.since).total_seconds()),
        "uri": account_uri(carrier, f"Queues/{queue.sid}/Members/{sid}.json"),
    }


def notification_shape(carrier: Carrier, entry: Notification) -> Shape:
    return {
        "sid": entry.sid,
        "account_sid": carrier.settings.account_sid,
        "api_version": API_VERSION,
        "call_sid": entry.call_sid,
        "date_created": rfc2822(entry.at),
        "date_updated": rfc2822(entry.at),
        "error_code": str(entry.code),
        "log": str(entry.log),
        "message_date": rfc2822(entry.at),
        "message_text": f"{entry.message}: {entry.detail}",
        "more_info": f"https://www.twilio.com/docs/errors/{entry.code}",
        "request_method": entry.request_method,
        "request_url": entry.request_url,
        "request_variables": entry.request_variables,
        "response_body": entry.response_body,
        "response_headers": entry.response_headers,
        "uri": account_uri(carrier, f"Notifications/{entry.sid}.json"),
    }
