"""What is asked of every page on every screen."""

# Nothing has to be pushed sideways to be read.
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
