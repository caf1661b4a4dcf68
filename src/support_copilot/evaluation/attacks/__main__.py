"""``make attack``: every attack on a desk of its own, in a folder that is thrown away."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from support_copilot.evaluation.attacks.beside import all_attacks
from support_copilot.evaluation.attacks.run import run_attacks
from support_copilot.kit.log import configure_logging
from support_copilot.settings import load_settings
from support_copilot.wiring import open_resources


def main() -> int:
    """Prints what came of each way in; 1 when an attack had success."""
    configure_logging("error", "console")
    with tempfile.TemporaryDirectory() as folder, open_resources(load_settings(data_dir=Path(folder))) as resources:
        outcomes = run_attacks(resources, all_attacks())
    table = Table(title="Attacks on a model that obeys everything", title_justify="left")
    for column in ("Way in", "Attacks", "Reached the model", "Its text used", "Successes"):
        table.add_column(column, justify="left" if column == "Way in" else "right")
    figures = {name: Counter[str]() for name in dict.fromkeys(each.attack.channel for each in outcomes)}
    for each in outcomes:
        figures[each.attack.channel].update(
            {"all": 1, "reached": each.reached, "model": each.by_model, "found": bool(each.found)}
        )
    for name, counted in (*figures.items(), ("together", sum(figures.values(), Counter()))):
        table.add_row(str(name), *(str(counted[figure]) for figure in ("all", "reached", "model", "found")))
    console = Console()
    console.print(table)
    failed = [each for each in outcomes if each.found]
    for each in failed:
        console.print(f"{each.attack.name}: {', '.join(each.found)}", markup=False)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
