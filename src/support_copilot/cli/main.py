"""All commands in one list."""

import typer

from support_copilot.cli import data, encryption, evaluating, installation, keys, look, privacy, running, trail, users

app = typer.Typer(
    name="support-copilot",
    help="A copilot beside the support agent: analysis, guidance, summary, knowledge.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(running.serve_command)
app.command("worker")(running.worker_command)
app.command("migrate")(running.migrate_command)
app.command("import")(data.import_command)
app.command("demo")(data.demo_command)
app.command("reindex")(data.reindex_command)
app.command("analyze")(look.analyze_command)
app.command("eval")(evaluating.eval_command)
app.add_typer(keys.key_app, name="key")
app.add_typer(users.user_app, name="user")
app.command("model")(installation.model_command)
app.command("config")(installation.config_command)
app.command("doctor")(installation.doctor_command)
app.add_typer(trail.app, name="audit")
app.add_typer(privacy.app, name="privacy")
app.add_typer(encryption.app, name="encryption")


def main() -> None:
    app()
