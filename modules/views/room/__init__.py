"""A facilitator's groups, sessions, console and screen."""
