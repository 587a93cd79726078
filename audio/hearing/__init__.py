"""Hearing a caller live: grammars, voice activity, engines in processes of their own, and one decision in the end."""
