"""The phone company's side of a call, in no company's dialect."""
