"""Blocks of lessons: words, practice, questions, steps."""
