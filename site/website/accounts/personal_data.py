"""What we know about those who sign in, and for how long."""
