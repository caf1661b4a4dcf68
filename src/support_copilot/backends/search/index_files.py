"""The files of an index folder: documents and keywords, opened, rewritten and removed together."""

import shutil
from pathlib import Path

from support_copilot.backends.search.keywords import KeywordIndex
from support_copilot.backends.search.stored import DocumentFile, StoredIndexError


class IndexFiles:
    """Both halves of what is on disk; the documents know up to which change number."""

    def __init__(self, folder: Path, *, fingerprint: str, read_only: bool) -> None:
        """Open or (unless ``read_only``) create them.

        Raises:
            StoredIndexError, ValueError, OSError: missing, damaged, or made by another model or version.
        """
        path = folder / "documents.db"
        if read_only and not path.exists():
            raise StoredIndexError("not there yet")
        self._keywords_path = folder / "keywords"
        self.documents = DocumentFile(path, fingerprint=fingerprint, read_only=read_only)
        try:
            self.keywords = KeywordIndex(self._keywords_path)
        except BaseException:
            self.documents.close()
            raise

    def rewritten_keywords(self) -> Path:
        """Write the keywords of all documents anew, beside those in use; returns the folder.

        Merged segments may still hold words that only removed documents had; a new index cannot.
        """
        fresh = self._keywords_path.with_name("keywords.new")
        shutil.rmtree(fresh, ignore_errors=True)
        rebuilt = KeywordIndex(fresh)
        rebuilt.write(self.documents.documents())
        rebuilt.close()
        return fresh

    def use_keywords(self, fresh: Path) -> None:
        """Put rewritten keywords in place of those in use."""
        self.keywords.close()
        shutil.rmtree(self._keywords_path)
        fresh.rename(self._keywords_path)
        self.keywords = KeywordIndex(self._keywords_path)

    def close(self) -> None:
        self.keywords.close()
        self.documents.close()


def wipe(folder: Path) -> None:
    """Remove the files of the index, whatever their state."""
    for name in ("keywords", "keywords.new"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in folder.glob("documents.db*"):
        path.unlink(missing_ok=True)
