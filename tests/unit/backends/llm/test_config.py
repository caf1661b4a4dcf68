"""Settings of language models: simple names, chains, tasks, budgets, and secrets that stay secret."""

import json
from pathlib import Path

import pytest

from support_copilot.backends.llm.config import LlmConfig
from support_copilot.cli.installation import printable_settings
from support_copilot.settings import SettingsError, load_settings

SECRET = "sk-very-secret"
LOCAL = {"kind": "openai", "model": "llama", "base_url": "http://localhost:11434"}


def test_no_model_is_the_default() -> None:
    config = LlmConfig()

    assert config.is_offline()
    assert config.chain_of("reply") == ()


def test_the_simple_names_describe_one_provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    simple = {"KIND": "openai", "BASE_URL": "http://localhost:11434", "API_KEY": SECRET, "MODEL": "llama"}
    for name, value in simple.items():
        monkeypatch.setenv(f"SUPPORT_COPILOT_LLM__{name}", value)
    monkeypatch.setenv("SUPPORT_COPILOT_LLM__PROVIDERS__MAIN__CONTEXT_TOKENS", "4096")

    config = load_settings(data_dir=tmp_path).llm

    main = config.providers["main"]
    assert config.chain_of("summary") == ("main",)
    assert (main.kind, main.model, main.context_tokens) == ("openai", "llama", 4096)
    assert main.base_url == "http://localhost:11434/v1"
    assert main.api_key is not None
    assert main.api_key.get_secret_value() == SECRET


def test_keys_are_printed_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {"KIND": "openai", "API_KEY": SECRET, "MODEL": "m"}.items():
        monkeypatch.setenv(f"SUPPORT_COPILOT_LLM__{name}", value)

    settings = load_settings(data_dir=tmp_path)

    assert SECRET not in json.dumps(printable_settings(settings))
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings.model_dump())


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SUPPORT_COPILOT_LLM__KIND", "openai")
    monkeypatch.setenv("SUPPORT_COPILOT_LLM__MODEL", "m")
    monkeypatch.setenv("SUPPORT_COPILOT_LLM__BASE_URL", f"http://user:{SECRET}@host/v1")

    with pytest.raises(SettingsError) as raised:
        load_settings(data_dir=tmp_path)

    assert "base_url" in raised.value.detail
    assert SECRET not in raised.value.detail


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"kind": "openai"}, "model"),
        ({"kind": "bedrock", "model": "m"}, "region"),
        ({"chain": ["nobody"]}, "chain"),
        ({"tasks": {"reply": {"chain": ["nobody"]}}}, "tasks.reply.chain"),
        ({"tasks": {"repyl": {}}}, "repyl"),
        ({"providers": {"Not A Name": LOCAL}}, "providers"),
        ({"providers": {"local": LOCAL}, "chain": ["local"], "budget": {"daily_usd": 1}}, "providers.local"),
        ({"providers": {"local": LOCAL}, "chain": ["local"], "tasks": {"reply": {"daily_usd": 1}}}, "providers.local"),
    ],
)
def test_what_does_not_fit_together_is_named(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        LlmConfig.model_validate(wrong)


def test_a_task_may_have_a_chain_of_its_own_or_none() -> None:
    config = LlmConfig.model_validate(
        {
            "providers": {"local": LOCAL, "cloud": {"kind": "bedrock", "model": "m", "region": "eu-central-1"}},
            "chain": ["cloud", "local"],
            "tasks": {"summary": {"chain": ["local"]}, "sentiment": {"chain": []}},
        }
    )

    assert config.chain_of("reply") == ("cloud", "local")
    assert config.chain_of("summary") == ("local",)
    assert config.chain_of("sentiment") == ()


def test_a_budget_takes_models_that_cost_nothing_when_it_is_said() -> None:
    free = LOCAL | {"input_usd_per_million": 0, "output_usd_per_million": 0}

    config = LlmConfig.model_validate({"providers": {"x": free}, "chain": ["x"], "budget": {"daily_usd": 1}})

    assert config.providers["x"].is_priced
