"""Signals of other people's models: a changed site or page makes cached pages stale."""
