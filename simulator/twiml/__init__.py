"""Reading and running TwiML."""
