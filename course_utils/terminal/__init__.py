"""What a student types in a terminal, one module for each kind of question."""
