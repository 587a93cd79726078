"""Webhooks that go out: happenings told to other programs, signed, again until they are taken."""
