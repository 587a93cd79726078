"""`python -m flows.editor`: build the editor when its sources have changed, or check them."""

from __future__ import annotations

import argparse
import sys

from flows.editor.building import build, check, is_built
from flows.editor.node import EditorBuildError


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m flows.editor", description=__doc__)
    parser.add_argument("--check", action="store_true", help="check types, format and tests of the sources instead")
    parser.add_argument("--or-go-on", action="store_true", help="say what is wrong, but end well")
    options = parser.parse_args()
    try:
        if options.check:
            check()
        elif not is_built():
            print("Building the flow editor (once, and when its sources change)")
            build()
    except EditorBuildError as error:
        print(error, file=sys.stderr)
        if not options.or_go_on:
            return 1
        print("The desk runs without the flow editor; make editor tries again.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
