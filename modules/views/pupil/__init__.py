"""The phones of who takes part."""
