"""What people type, judged before a service sees it."""
