"""Twilio's REST interface, 2010-04-01, as far as a voice desk uses it."""
