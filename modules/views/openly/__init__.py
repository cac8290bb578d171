"""A module taught without an account."""
