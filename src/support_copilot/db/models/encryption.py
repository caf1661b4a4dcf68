"""The data keys that encrypted columns and files are under, each wrapped by the master key."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, table_options
from support_copilot.db.types import UtcDateTime


class EncryptionKey(Base):
    """One generation of keys. Exactly one is active; ``vault/generations.py`` tells how they follow each other."""

    __tablename__ = "encryption_keys"
    __table_args__ = table_options()

    generation: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: pending, active, retiring or retired.
    state: Mapped[str] = mapped_column(String(20))
    #: Which master key wrapped these; says which file is missing when it is lost.
    master_key_id: Mapped[str] = mapped_column(String(200))
    #: Encrypted Tink keysets: AES-256-GCM for data, HMAC-SHA-256 for blind indexes and signatures.
    data_key: Mapped[bytes] = mapped_column(LargeBinary)
    index_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
