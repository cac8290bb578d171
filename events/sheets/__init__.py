"""Attendance as sheets: one layout that is read and written, and lists to take away."""
