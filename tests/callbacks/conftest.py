"""The desk of tests/ivr, for what callers wish about calls."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).resolve().parents[1] / "ivr" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("desk_for_calls", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = _MODULE
_SPEC.loader.exec_module(_MODULE)

desk = _MODULE.desk
hotline = _MODULE.hotline
