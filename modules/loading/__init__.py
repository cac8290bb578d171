"""Modules as files: read with line-precise faults, turned into pages, an editor's changes kept."""
