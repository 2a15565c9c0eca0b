"""Labs as a page: Python runs in the reader's browser, with no server behind it.

In go `labs/`, what is installed here, and Pyodide, which is Python for browsers; out comes a folder of files for any web host.
Nothing of `solutions/` is read: what nobody has, nobody can give away.
"""

from grader.site.built import Built, build_site
from grader.site.pyodide import HOME, VERSION

__all__ = [
    "HOME",
    "VERSION",
    "Built",
    "build_site",
]
