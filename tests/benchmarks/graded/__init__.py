"""Classes of different submissions, and what grading them costs."""
