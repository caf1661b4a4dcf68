"""Settings: environment over file over default; a wrong one stops with a sentence that names the key."""

from pathlib import Path

import pytest

from support_copilot.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("SUPPORT_COPILOT_")]:
        monkeypatch.delenv(name)


def test_defaults_lie_in_the_data_folder(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)

    assert settings.database_path == tmp_path / "support-copilot.db"
    assert settings.search.path == tmp_path / "index"
    assert settings.blobs.path == tmp_path / "files"
    assert settings.database.url is None


def test_environment_beats_file_beats_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "support-copilot.toml").write_text('log_level = "error"\n[server]\nport = 7001\nthreads = 3\n')
    monkeypatch.setenv("SUPPORT_COPILOT_SERVER__PORT", "7002")

    settings = load_settings(data_dir=tmp_path)

    assert (settings.server.port, settings.server.threads, settings.log_level) == (7002, 3, "error")


def test_another_file_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "other.toml"
    file.write_text("[worker]\npoll_s = 0.5\n")
    monkeypatch.setenv("SUPPORT_COPILOT_CONFIG", str(file))

    assert load_settings(data_dir=tmp_path).worker.poll_s == 0.5


def test_one_part_can_be_set_and_keeps_its_other_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_COPILOT_EMBEDDER__KIND", "none")
    monkeypatch.setenv("SUPPORT_COPILOT_SEARCH__FLUSH_AFTER_S", "1")

    settings = load_settings(data_dir=tmp_path)

    assert settings.embedder.kind == "none"
    assert (settings.search.path, settings.search.flush_after_s) == (tmp_path / "index", 1.0)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("SUPPORT_COPILOT_SERVER__PORT", "geheim", "server.port"),
        ("SUPPORT_COPILOT_SERVER__PROT", "geheim", "server.prot"),
        ("SUPPORT_COPILOT_WORKER__POLL_S", "-1", "worker.poll_s"),
        ("SUPPORT_COPILOT_LOG_LEVEL", "geheim", "log_level"),
        ("SUPPORT_COPILOT_DATABSE__URL", "geheim", "SUPPORT_COPILOT_DATABSE__URL"),
    ],
)
def test_a_wrong_setting_is_named_and_its_value_kept_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, key: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        load_settings(data_dir=tmp_path)

    assert key in refused.value.detail
    assert "geheim" not in refused.value.detail


def test_an_unknown_key_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "support-copilot.toml").write_text("[server]\nprot = 1\n")

    with pytest.raises(SettingsError, match=r"server\.prot"):
        load_settings(data_dir=tmp_path)


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)

    with pytest.raises(ValueError, match="frozen"):
        settings.log_level = "debug"
