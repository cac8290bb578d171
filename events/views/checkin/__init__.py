"""People check in by themselves: no account, no script."""
