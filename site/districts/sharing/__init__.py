"""How a page leaves the site: its short address, its QR, its picture, the words that go with it."""
