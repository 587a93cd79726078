"""Every address of the REST interface and what answers it."""

from aiohttp import web

from simulator.rest import account, calls, messages, notifications, numbers, queues, recordings

_ROOT = "/2010-04-01/Accounts/{account}"


def rest_routes() -> list[web.RouteDef]:
    """The routes; addresses end in .json as in Twilio's v2010."""
    at = _ROOT
    suffix = r"{suffix:(\.wav|\.mp3|\.json)?}"
    return [
        web.get(at + ".json", account.fetch),
        web.post(at + "/Calls.json", calls.create),
        web.get(at + "/Calls.json", calls.index),
        web.get(at + "/Calls/{sid}.json", calls.fetch),
        web.post(at + "/Calls/{sid}.json", calls.update),
        web.delete(at + "/Calls/{sid}.json", calls.delete),
        web.post(at + "/Calls/{call_sid}/Recordings.json", recordings.create),
        web.get(at + "/Calls/{call_sid}/Recordings.json", recordings.index),
        web.get(at + "/Calls/{call_sid}/Recordings/{sid:RE[0-9a-f]{32}}" + suffix, recordings.fetch),
        web.delete(at + "/Calls/{call_sid}/Recordings/{sid:RE[0-9a-f]{32}}.json", recordings.delete),
        web.get(at + "/Calls/{call_sid}/Notifications.json", notifications.index),
        web.get(at + "/Recordings.json", recordings.index),
        web.get(at + "/Recordings/{sid:RE[0-9a-f]{32}}" + suffix, recordings.fetch),
        web.delete(at + "/Recordings/{sid:RE[0-9a-f]{32}}.json", recordings.delete),
        web.post(at + "/Messages.json", messages.create),
        web.get(at + "/Messages.json", messages.index),
        web.get(at + "/Messages/{sid}.json", messages.fetch),
        web.post(at + "/Messages/{sid}.json", messages.update),
        web.delete(at + "/Messages/{sid}.json", messages.delete),
        web.get(at + "/IncomingPhoneNumbers.json", numbers.index),
        web.post(at + "/IncomingPhoneNumbers.json", numbers.create),
        web.get(at + "/IncomingPhoneNumbers/{sid}.json", numbers.fetch),
        web.post(at + "/IncomingPhoneNumbers/{sid}.json", numbers.update),
        web.delete(at + "/IncomingPhoneNumbers/{sid}.json", numbers.delete),
        web.get(at + "/Queues.json", queues.index),
        web.post(at + "/Queues.json", queues.create),
        web.get(at + "/Queues/{sid}.json", queues.fetch),
        web.post(at + "/Queues/{sid}.json", queues.update),
        web.delete(at + "/Queues/{sid}.json", queues.delete),
        web.get(at + "/Queues/{queue_sid}/Members.json", queues.members),
        web.get(at + "/Queues/{queue_sid}/Members/{call_sid}.json", queues.member),
        web.post(at + "/Queues/{queue_sid}/Members/{call_sid}.json", queues.dequeue),
        web.get(at + "/Notifications.json", notifications.index),
        web.get(at + "/Notifications/{sid}.json", notifications.fetch),
    ]
