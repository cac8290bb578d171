"""The editor's guide inside the admin, written as Markdown; a picture stands first in a section."""
