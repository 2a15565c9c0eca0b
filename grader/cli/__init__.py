"""Instructors' verbs of `handgrad`, one module each, found through the entry points `handgrad.verbs`."""
