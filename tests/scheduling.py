"""Which worker of a run of tests gets which test."""

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

#: More workers than this find nothing to do, and each collects all tests anew.
_MOST_WORKERS = 8
#: Where the tests of a file share a server, or figures that take a quarter of a minute.
_SHARING = ("tests/web/", "tests/evals/")


def workers() -> int:
    """How many workers keep the processors of this machine busy: one in two of them waits for a browser."""
    return min((os.cpu_count() or 1) + 2, _MOST_WORKERS)


class BrowsersBeside(LoadScopeScheduling):
    """Gives each test to whichever worker is free, but those of one file that share something dear to one.

    While a browser is open no event loop of a test can run in its worker, which gets tests in browsers alone from then
    on. Half of the workers open a browser at the start, since these wait for more than half of their time while the
    others compute; the rest do when everything else is done, and have more of the processors then than the first had
    before. A worker for which nothing is left ends.
    (Marks of ``--dist loadgroup`` are lost with pytest 9.2: pytest-dev/pytest-xdist issue 1386.)
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # in the order of the files

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(_SHARING) else nodeid

    def _assign_work_unit(self, node: WorkerController) -> None:
        in_browser = self._opens_browser(node)
        scope = next((scope for scope in self.workqueue if _in_browser(scope) == in_browser), None)
        if scope is None:
            node.shutdown()
        else:
            self.workqueue.move_to_end(scope, last=False)
            super()._assign_work_unit(node)

    def _opens_browser(self, node: WorkerController) -> bool:
        latest = {one: next(reversed(scopes), "") for one, scopes in self.assigned_work.items()}
        with_browser = [one for one, scope in latest.items() if _in_browser(scope)]
        if node in with_browser:
            return True
        others_left = not all(map(_in_browser, self.workqueue))
        most = len(self.nodes) // 2 if others_left else len(self.nodes)
        return len(with_browser) < most and any(map(_in_browser, self.workqueue))


def _in_browser(nodeid: str) -> bool:
    return nodeid.startswith("tests/web/")
