"""A widget that leaves a still picture of itself, for pages on which no widget can live.

A page that was exported with the widgets' state loads their machinery from the network; without one it would be blank where a
widget was, as would a notebook that is opened again. So the still stands in an output of its own behind the live one, which hides
it by its style sheet, and only as long as it is alive.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from course_utils import front

Bundle = tuple[dict[str, Any], dict[str, Any]]


class Alive(anywidget.AnyWidget):
    """Base of everything that lives on a page; `_doubled` tells the page that a still follows."""

    _doubled = traitlets.Bool(False).tag(sync=True)

    def still(self) -> Bundle:
        """What stays where no script runs: data and metadata by kind, text/plain among them."""
        raise NotImplementedError

    def live(self) -> Bundle:
        """The view that scripts bring to life."""
        return super()._repr_mimebundle_() or ({}, {})

    def _repr_mimebundle_(self, **kwargs: Any) -> Bundle:
        (data, metadata), (still, about) = self.live(), self.still()
        return {**data, **still}, {**metadata, **about}

    def _ipython_display_(self) -> None:
        if not self.live()[0] or not front.is_jupyters():  # elsewhere a page could not hide the still
            raise NotImplementedError  # IPython then shows both in one output
        from IPython.display import display

        self._doubled = True
        data, metadata = self.live()
        display({**data, "text/plain": ""}, metadata=metadata, raw=True)  # no words stand for it: the still has them
        data, metadata = self.still()
        display(data, metadata=metadata, raw=True)
