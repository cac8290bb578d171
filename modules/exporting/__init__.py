"""Writes modules back into the YAML from which they are loaded."""
