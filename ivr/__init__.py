"""A call in progress: sessions, the engine that runs a flow, what a call causes, and the webhooks."""
