"""What the flow editor asks of the desk: drafts, checks, publishing, rehearsals, tests, replay and heat."""
