"""Calendar, attendance and reports; empty until their first model lands."""
