"""The carrier's own interface: phones to call with, people who answer, and trouble on request."""
