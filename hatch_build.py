"""Puts the built labs into the wheel, as data of `course_utils`.

A hook and not `force-include`, because that would also leave a copy in site-packages for editable installs,
where it goes stale at the next `handgrad build`.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LabsAsData(BuildHookInterface):  # type: ignore[type-arg]
    """`handgrad start`, and a notebook opened alone, find the labs in `course_utils/_labs`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_data["force_include"]["labs"] = "course_utils/_labs"
