"""Explorers: pictures that follow the mouse, drawn from the student's own functions.

`Explorer(draw, knobs)` makes one from a Python function; the explorers of the labs are in the modules named after them.
"""

from course_utils.widgets.elements import Element, area, arrows, handle, heat, image, label, line, panel, points, polygon, say
from course_utils.widgets.explorer import Explorer, Scene
from course_utils.widgets.knobs import Choice, Point, Slider

__all__ = [
    "Choice",
    "Element",
    "Explorer",
    "Point",
    "Scene",
    "Slider",
    "area",
    "arrows",
    "handle",
    "heat",
    "image",
    "label",
    "line",
    "panel",
    "points",
    "polygon",
    "say",
]
