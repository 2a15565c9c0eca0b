"""What people read in a browser, made from notebooks that anybody may have written.

In go a notebook's cells. Out comes HTML that is clean and whole: formulas are drawn, pictures are inside, nothing is loaded from
elsewhere, and no script of the writer's is left.
"""
