"""The house for programs: REST with an OpenAPI document, API keys, and signed webhooks that go out."""
