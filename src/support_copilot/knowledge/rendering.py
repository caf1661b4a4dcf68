"""Placeholders of reply templates: Liquid without loops, assignments, files or unbounded filters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from liquid import Environment
from liquid.builtin import content, illegal, output
from liquid.builtin.filters.misc import default
from liquid.builtin.filters.string import append, capitalize, downcase, prepend, strip, truncate, truncatewords, upcase
from liquid.builtin.tags import case_tag, comment_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError
from liquid.template import BoundTemplate
from liquid.undefined import Undefined

from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.text import one_line, shorten
from support_copilot.ml.entities import Entity
from support_copilot.ml.given_names import given_name

MAX_TEMPLATE_CHARS: Final = 20_000
_MAX_VALUE_CHARS: Final = 500
_MAX_OUTPUT_BYTES: Final = 200_000
#: Placeholders of this group stand for what only the customer can say: filled if it was said, else to be asked for.
ASK_GROUP: Final = "ask"
#: What the records themselves tell, as ``customer.…`` and ``issue.…``.
CUSTOMER_FIELDS: Final = ("name", "first_name", "email", "company", "plan", "language")
ISSUE_FIELDS: Final = ("id", "subject", "category", "severity", "channel")

#: By group, then by what follows the dot: {"customer": {"name": "Ana"}}.
Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder of a template; ``ask`` when its value is to be asked for where it is not known."""

    name: str
    filled: bool
    ask: bool


@dataclass(frozen=True, slots=True)
class Rendering:
    """A filled template. ``missing`` names what the text shows as ``marker(name)``, in order of appearance."""

    text: str
    missing: tuple[str, ...]
    placeholders: tuple[Placeholder, ...]


class _Liquid(Environment):
    """Nothing that repeats or grows: each part of a template is written at most once, so output stays near its size."""

    output_stream_limit = _MAX_OUTPUT_BYTES
    block_nesting_limit = 20

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        for tag in (
            content.Literal, output.Output, illegal.Illegal, if_tag.IfTag, unless_tag.UnlessTag, case_tag.CaseTag,
            comment_tag.CommentTag,
        ):  # fmt: skip
            self.add_tag(tag)
        for name, function in (
            ("append", append), ("capitalize", capitalize), ("default", default), ("downcase", downcase),
            ("prepend", prepend), ("strip", strip), ("truncate", truncate), ("truncatewords", truncatewords),
            ("upcase", upcase),
        ):  # fmt: skip
            self.add_filter(name, function)


class _Missing(Undefined):
    """A value that is not known: false in a condition, replaced by ``default``, and noted when it is written out."""

    __slots__ = ("_seen",)

    def __init__(self, name: str, seen: list[str]) -> None:
        super().__init__(name)
        self._seen = seen

    def __str__(self) -> str:
        if self.name not in self._seen:
            self._seen.append(self.name)
        return marker(self.name)


_LIQUID: Final = _Liquid()


def check_template(body: str) -> None:
    """Accept a template that can be rendered, even when nothing is known.

    Raises:
        InvalidRequestError: it cannot; names the line and what is wrong there.
    """
    render_template(body, {})


def placeholders(body: str) -> tuple[str, ...]:
    """The names of a template's placeholders, such as ``customer.first_name``, in order of appearance.

    Raises:
        InvalidRequestError: the template cannot be read.
    """
    return _names(_parsed(body), body)


def render_template(body: str, values: Values) -> Rendering:
    """Fill a template. Values are written as they are: Liquid in them is text, not code.

    Raises:
        InvalidRequestError: the template cannot be read, or becomes too long.
    """
    template = _parsed(body)
    names = _names(template, body)
    seen: list[str] = []
    filled = {name: _value(values, name) for name in names}
    context: dict[str, Any] = {}
    for name, value in filled.items():
        *groups, leaf = name.split(".")
        place = context
        for group in groups:
            place = place.setdefault(group, {})
        place[leaf] = _Missing(name, seen) if value is None else value
    try:
        text = template.render(context)
    except (LiquidError, RecursionError) as error:
        raise _refusal(error, body) from error
    return Rendering(
        text=text,
        missing=tuple(seen),
        placeholders=tuple(
            Placeholder(name, value is not None, name.startswith(f"{ASK_GROUP}.")) for name, value in filled.items()
        ),
    )


def marker(name: str) -> str:
    """How a missing value is shown: ``[order number]`` for ``issue.order_number``."""
    return f"[{name.rpartition('.')[2].replace('_', ' ')}]"


def placeholder_values(
    record: IssueRecord | None, agent_name: str | None, entities: Iterable[Entity] = ()
) -> dict[str, dict[str, str]]:
    """What is known for placeholders: ``customer.*``, ``issue.*``, ``agent.name`` and ``ask.*``.

    Args:
        entities: what the customer's messages name; the first of each type becomes ``issue.<type>`` and fills
            ``ask.<type>``.
    """
    found: dict[str, str] = {}
    for entity in entities:
        found.setdefault(entity.type, entity.text)
    issue: dict[str, str | None] = dict(found)
    customer: dict[str, str | None] = {}
    if record is not None:
        issue |= {name: getattr(record.issue, name) for name in ISSUE_FIELDS}
        if record.customer is not None:
            customer = {name: getattr(record.customer, name) for name in CUSTOMER_FIELDS if name != "first_name"}
            customer["first_name"] = given_name(record.customer.name)
    groups: dict[str, Mapping[str, str | None]] = {
        "customer": customer,
        "issue": issue,
        "agent": {"name": agent_name},
        ASK_GROUP: found,
    }
    return {
        group: {name: shorten(one_line(value), _MAX_VALUE_CHARS) for name, value in known.items() if value}
        for group, known in groups.items()
    }


def with_overrides(values: Values, given: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The values with others given by placeholder name, such as ``{"issue.order_number": "1001"}``."""
    merged = {group: dict(known) for group, known in values.items()}
    for name, value in given.items():
        group, _dot, leaf = name.partition(".")
        if leaf:
            merged.setdefault(group, {})[leaf] = value
    return merged


def _parsed(body: str) -> BoundTemplate:
    if len(body) > MAX_TEMPLATE_CHARS:
        message = f"a template has at most {MAX_TEMPLATE_CHARS} characters"
        raise InvalidRequestError.of_field("body", "too_long", message)
    try:
        return _LIQUID.from_string(body)
    except (LiquidError, RecursionError, ValueError) as error:
        raise _refusal(error, body) from error


def _names(template: BoundTemplate, body: str) -> tuple[str, ...]:
    found: list[tuple[int, str]] = []
    known_filters = set(_LIQUID.filters)
    analysis = template.analyze(include_partials=False)
    for name, spans in analysis.filters.items():
        if name not in known_filters:
            allowed = ", ".join(sorted(known_filters))
            raise _invalid(body, spans[0].index, f"this filter is not known; there are {allowed}")
    for variables in analysis.globals.values():
        for variable in variables:
            if not all(isinstance(segment, str) and segment for segment in variable.segments):
                raise _invalid(body, variable.span.index, "a placeholder is made of words with dots between them")
            found.append((variable.span.index, ".".join(str(segment) for segment in variable.segments)))
    names = tuple(dict.fromkeys(name for _place, name in sorted(found)))
    for name in names:
        if any(other.startswith(f"{name}.") for other in names):
            raise _invalid(body, 0, "a placeholder cannot be a value and a group of values at once")
    return names


def _value(values: Values, name: str) -> str | None:
    group, _dot, leaf = name.partition(".")
    value = values.get(group, {}).get(leaf)
    return value if value and value.strip() else None


def _refusal(error: Exception, body: str) -> InvalidRequestError:
    if not isinstance(error, LiquidError):
        return InvalidRequestError.of_field("body", "invalid_template", "is nested too deeply or cannot be read")
    index = error.token.start_index if error.token else -1
    return _invalid(body, index, shorten(one_line(str(error.message)), 160))


def _invalid(body: str, index: int, what: str) -> InvalidRequestError:
    line = body.rstrip().count("\n", 0, index if index >= 0 else len(body)) + 1
    return InvalidRequestError.of_field("body", "invalid_template", f"line {line}: {what}")
