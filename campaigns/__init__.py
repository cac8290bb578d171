"""Campaign pages, topics, news and the way to get help, as a reusable Wagtail app."""
