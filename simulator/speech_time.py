"""How long it takes to say something."""

import re

ENGLISH_CHARS_PER_S = 15.0
CHINESE_CHARS_PER_S = 4.5
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def seconds_to_say(text: str) -> float:
    """Estimated seconds of speech: 15 Latin or 4.5 Chinese, Japanese or Korean characters a second, at least 0.3."""
    cjk = len(_CJK.findall(text))
    return max(0.3, cjk / CHINESE_CHARS_PER_S + (len(text) - cjk) / ENGLISH_CHARS_PER_S)
