"""Every figure of the labs, drawn from the student's own functions; a module for each kind."""
