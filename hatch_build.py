"""Builds the web console before a wheel, an editable install or an sdist; ``tools/console.py`` says how."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "tools"))
import console


class CustomBuildHook(BuildHookInterface[Any]):
    """Asks for Node only while the built console is missing or older than its sources."""

    def dependencies(self) -> list[str]:
        return [console.NODE] if console.build_needed() else []

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        console.build()
