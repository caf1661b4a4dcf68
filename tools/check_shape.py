"""Checks what linters do not: at most 400 lines a file and 60 a function, hidden imports only in open.py."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"], capture_output=True, text=True, check=True
    )
    files = [Path(name) for name in listed.stdout.splitlines() if Path(name).exists()]
    complaints = [complaint for path in files for complaint in _complaints(path)]
    print("\n".join(complaints) or f"Shape of {len(files)} files is fine.")
    return 1 if complaints else 0


def _complaints(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    lines = source.count("\n")
    if lines > MAX_FILE_LINES:
        yield f"{path}: {lines} lines, at most {MAX_FILE_LINES}"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            # A migration lists tables; splitting the list would not make it clearer.
            if length > MAX_FUNCTION_LINES and path.parts[0] != "migrations":
                yield f"{path}:{node.lineno}: {node.name} has {length} lines, at most {MAX_FUNCTION_LINES}"
            if path.parts[0] == "src" and path.name != "open.py":
                yield from _hidden_imports(path, node)


def _hidden_imports(path: Path, function: ast.AST) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield f"{path}:{node.lineno}: import inside a function; only backends/*/open.py loads late"


if __name__ == "__main__":
    sys.exit(main())
