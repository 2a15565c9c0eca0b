"""What a notebook of an nbgrader course may ask for: where it is run, by the variable that nbgrader sets while it grades."""

import os

os.environ["NBGRADER_EXECUTION"] = "autograde"
