"""Counts, results, and the end of a session."""
