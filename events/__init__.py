"""Calendar: sessions and their dates, feeds, registration and reminders."""
