"""Every write of the app, one module a subject; no request is known here."""
