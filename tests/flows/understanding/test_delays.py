"""Times told by how long it is until then."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from flows.understanding.delays import spoken_delay

NOW = datetime(2026, 11, 21, 15, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("said", "language", "at"),
    [
        ("in half an hour", "en-US", "15:30"),
        ("call me in an hour", "en-US", "16:00"),
        ("in two hours please", "en-US", "17:00"),
        ("in about twenty minutes", "en-US", "15:20"),
        ("in 45 minutes", "en-US", "15:45"),
        ("in one and a half hours", "en-US", "16:30"),
        ("半小时后", "zh-CN", "15:30"),
        ("半个小时以后吧", "zh-CN", "15:30"),
        ("一个小时以后", "zh-CN", "16:00"),
        ("一个半小时后", "zh-CN", "16:30"),
        ("十分钟之后再打", "zh-CN", "15:10"),
        ("两个钟头后", "zh-CN", "17:00"),
        ("한 시간 후에 전화해 주세요", "ko-KR", "16:00"),
        ("30분 뒤에", "ko-KR", "15:30"),
        ("in half an hour", "zh-CN", "15:30"),
    ],
)
def test_a_delay_is_understood(said, language, at):
    found = spoken_delay(said, language, NOW)
    assert found is not None
    assert found.value == f"2026-11-21T{at}:00+08:00"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("tomorrow at three", "en-US"),
        ("in the morning", "en-US"),
        ("in some hours", "en-US"),
        ("in zero minutes", "en-US"),
        ("in 900 hours", "en-US"),
        ("明天下午三点", "zh-CN"),
        ("", "zh-CN"),
    ],
)
def test_other_words_are_no_delay(said, language):
    assert spoken_delay(said, language, NOW) is None
