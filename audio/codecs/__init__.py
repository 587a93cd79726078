"""Telephone codecs, one file each."""
