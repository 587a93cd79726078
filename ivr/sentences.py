"""What the house itself says on a call, per language: apologies, the way on, waiting, an agent's side of a transfer.

A language without sentences here is spoken to in the language of the same family, else in English. Sentences that
flows share with the house live in `flows.phrases`.
"""

from __future__ import annotations

from collections.abc import Mapping

from flows.phrases import primary
from telephony.verbs import Say

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "apology": "I am sorry, something went wrong on our side.",
        "way_on": "Let me try another way.",
        "ticket_kept": "I noted what you told me, and a person will look into it.",
        "ticket_number": "Your ticket number is {number}. Once more: {number}.",
        "goodbye": "Thank you for your patience. Goodbye.",
        "unknown_number": "Thank you for calling. This number is not in service at the moment. Please try again later. "
        "Goodbye.",
        "leave_message": "Please leave a message after the tone, with your name and number, and we will call you back.",
        "message_kept": "Thank you. We have your message. Goodbye.",
        "still_there": "One more moment, please.",
        "whisper": "You have a call for {about}. To take it, press 1.",
        "whisper_accept": "To take the call, press 1.",
        "hold": "Please hold. Somebody will be with you soon.",
        "position": "You are number {position} in the line.",
        "hold_offer": "If you do not want to wait, press 1.",
    },
    "zh": {
        "apology": "很抱歉，我们的系统出了点问题。",
        "way_on": "我们换一种方式为您服务。",
        "ticket_kept": "您说的内容我已经记下来了，会有专人为您处理。",
        "ticket_number": "您的工单号是{number}。再说一遍：{number}。",
        "goodbye": "感谢您的耐心，再见。",
        "unknown_number": "感谢您的来电。这个号码目前无法提供服务，请稍后再拨。再见。",
        "leave_message": "请在提示音后留言，并留下您的姓名和电话，我们会给您回电。",
        "message_kept": "谢谢，我们已经收到您的留言。再见。",
        "still_there": "请再稍等一下。",
        "whisper": "您有一个来电，关于{about}。接听请按1。",
        "whisper_accept": "接听请按1。",
        "hold": "请稍候，马上有人为您服务。",
        "position": "您前面的顺序是第{position}位。",
        "hold_offer": "如果不想等待，请按1。",
    },
    "ko": {
        "apology": "죄송합니다. 저희 시스템에 문제가 생겼습니다.",
        "way_on": "다른 방법으로 도와 드리겠습니다.",
        "ticket_kept": "말씀하신 내용을 기록했으며 담당자가 확인하겠습니다.",
        "ticket_number": "접수 번호는 {number} 입니다. 다시 말씀드립니다. {number}.",
        "goodbye": "기다려 주셔서 감사합니다. 안녕히 계세요.",
        "unknown_number": "전화해 주셔서 감사합니다. 현재 사용하지 않는 번호입니다. 나중에 다시 걸어 주세요. "
        "안녕히 계세요.",
        "leave_message": "삐 소리 후 성함과 전화번호, 용건을 남겨 주시면 다시 전화드리겠습니다.",
        "message_kept": "감사합니다. 메시지를 받았습니다. 안녕히 계세요.",
        "still_there": "조금만 더 기다려 주세요.",
        "whisper": "{about} 전화가 왔습니다. 받으시려면 1번을 눌러 주세요.",
        "whisper_accept": "받으시려면 1번을 눌러 주세요.",
        "hold": "잠시만 기다려 주세요. 곧 상담원이 연결됩니다.",
        "position": "대기 순서는 {position}번째입니다.",
        "hold_offer": "기다리지 않으시려면 1번을 눌러 주세요.",
    },
}


def sentence(key: str, language: str, **values: str) -> str:
    """A sentence with its {names} filled in. Raises KeyError for a key that does not exist."""
    text = SENTENCES.get(primary(language), SENTENCES["en"])[key]
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def say(key: str, language: str, **values: str) -> Say:
    """The sentence as a verb, in the language it is really in."""
    spoken_in = language if primary(language) in SENTENCES else "en-US"
    return Say(text=sentence(key, language, **values), language=spoken_in)


def digit_by_digit(number: str) -> str:
    """A ticket number so that a voice reads each digit, in groups of three with a pause: "1 2 3, 4 5 8"."""
    groups = [number[at : at + 3] for at in range(0, len(number), 3)]
    return ", ".join(" ".join(group) for group in groups)
