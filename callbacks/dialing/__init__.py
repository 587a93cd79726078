"""Dialling: which cases are called now, at what pace, and what becomes of each dial."""
