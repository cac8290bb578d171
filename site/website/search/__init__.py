"""Search over what readers of one host may see: its pages, and whom they can reach.

Why two small tables of our own, and not Wagtail's modelsearch, which serves the admin: its two
backends rank differently (bm25 against ts_rank), only PostgreSQL's knows Indonesian (a dictionary
that is not ours) and forgives typing errors, and neither gives the list of words of *one* host that
a correction needs: FTS5 and tsvector index all offices together, so a suggested word could betray
another district's draft. Here a page's words are rows (`IndexedWord`); a search is an equality
look-up by an index, joined to what everybody may read at that moment, and ranked in Python. That is
the same list on SQLite and PostgreSQL, in two queries, or four when a word had to be corrected.

Another app joins with `sources.register(Source(...))` in its `AppConfig.ready()`: either page types
(their text is indexed when they are published) or a function that returns a few dozen records.
"""
