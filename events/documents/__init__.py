"""Papers of a date that took or takes place: lists to sign, minutes, records, reports, duties."""
