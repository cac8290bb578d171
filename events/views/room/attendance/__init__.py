"""Who came to a date, as staff write it down: roll call, headcount, organisations, the door."""
