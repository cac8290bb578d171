"""What this app knows about persons, and for how long."""
