"""The yardstick: the barest Wagtail site, one page of 10 KB and a view with nothing in it."""
