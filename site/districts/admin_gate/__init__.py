"""One gate before Wagtail's admin: address → object → district, and 404 for what is another's.

Wagtail is not multi-tenant. `middleware` stands before its views and lets through only what
`addresses` lists; `scope` says what belongs to a person's districts; `hooks` and `filters` narrow
the lists inside the views; `references` keeps foreign objects out of what is saved.
"""
