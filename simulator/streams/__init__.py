"""Media streams: a call's live sound over a websocket, as Twilio's Media Streams carry it."""
