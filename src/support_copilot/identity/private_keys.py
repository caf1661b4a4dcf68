"""Where the private halves of signing keys are kept: files that only the owner of the data folder can read."""

import json
import os
from pathlib import Path
from typing import Final

from joserfc.jwk import ECKey

#: Inside the data folder.
KEY_FOLDER: Final = "keys"


class PrivateKeys:
    """A folder with one JWK a file, mode 0600 in a folder of mode 0700."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, kid: str, key: ECKey) -> None:
        """Write the key durably; it is there before anything signed with it can be seen."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(kid)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(key.as_dict(private=True), file)
            file.flush()
            os.fsync(file.fileno())

    def read(self, kid: str) -> ECKey | None:
        """The key, None when another host has it."""
        try:
            return ECKey.import_key(json.loads(self._path(kid).read_text("utf-8")))
        except FileNotFoundError:
            return None

    def _path(self, kid: str) -> Path:
        return self._folder / f"{kid}.json"
