"""Screens of the admin about the review of modules."""
