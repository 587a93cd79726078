"""A child process that does what it is told: answer, refuse, hang, die."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from typing import Any

from audio.child import serve
from audio.errors import RecognizerFailed


def begin(set_up: str) -> Callable[[Any], Any]:
    def answer(question: Any) -> Any:
        if question == "refuse":
            raise RecognizerFailed("I will not.")
        if question == "blunder":
            raise ValueError("oh")
        if question == "hang":
            time.sleep(60)
        if question == "print":
            print("noise on standard output")
        if question == "die" or set_up == "always die":
            os.kill(os.getpid(), signal.SIGSEGV)
        return set_up, os.getpid()

    return answer


if __name__ == "__main__":
    serve(begin)
