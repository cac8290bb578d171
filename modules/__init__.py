"""Learning modules; empty until their first model lands."""
