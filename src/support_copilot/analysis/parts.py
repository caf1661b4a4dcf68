"""The parts of the panel that a model of ours predicts, each from what was gathered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from support_copilot.analysis.case import Case, text_of
from support_copilot.analysis.customer import past_ratings, same_topic_issues
from support_copilot.analysis.gather import Gathered
from support_copilot.analysis.queries import Card
from support_copilot.analysis.schemas import (
    CategoryPart,
    CriticalPart,
    EntitiesPart,
    EntityOut,
    FactorOut,
    LanguagePart,
    ResolutionTimePart,
    SatisfactionRiskPart,
    SentimentPart,
    SentimentPoint,
    SeverityPart,
)
from support_copilot.analysis.similar import is_like, is_of_now
from support_copilot.backends.search.port import SearchHit
from support_copilot.http.reasons import code_of
from support_copilot.issues.queries import ENDED
from support_copilot.kit.clock import hours_between
from support_copilot.kit.reasons import Reason
from support_copilot.ml.category import LabelledNeighbour, classify_category
from support_copilot.ml.entities import extract_entities
from support_copilot.ml.factors import Factor
from support_copilot.ml.function_words import read_wording
from support_copilot.ml.language import detect_language
from support_copilot.ml.matters import is_other_matter, matters_of
from support_copilot.ml.resolution_time import ResolvedNeighbour, estimate_resolution_time
from support_copilot.ml.satisfaction import SatisfactionFeatures, predict_satisfaction_risk
from support_copilot.ml.sentiment import SENTIMENT_MODEL, score_sentiment, sentiment_trend
from support_copilot.ml.severity import IssueText, SeverityPrediction, SeveritySignals, classify_severity, is_critical
from support_copilot.ml.severity_model import severity_embedder
from support_copilot.retrieval.embedding import understands
from support_copilot.retrieval.word_likeness import likeness_of

_SENTIMENT_MESSAGES: Final = 50
_ENTITY_MESSAGES: Final = 50
_ENTITIES: Final = 100
_ALIKE: Final = 0.6
_MORE_CATEGORIES: Final = Reason("help.categories", "More issues with a category would help.")
_MORE_ON_IMPACT: Final = Reason(
    "help.impact", "Details on the impact would help: what does not work, for whom, since when."
)
_MORE_SAID: Final = Reason("help.more_said", "More of the conversation, or past ratings, would help.")
#: A label of a template is a weaker witness than one of a past issue.
_DOCUMENT_WITNESS: Final = 0.9
_WITNESSES: Final = 12


@dataclass(frozen=True, slots=True)
class SeverityReading:
    """The prediction together with what it was made from, for the parts that build on it."""

    prediction: SeverityPrediction
    signals: SeveritySignals


def language_part(case: Case, found: Gathered) -> LanguagePart:
    if case.language:
        return LanguagePart(code=case.language, confidence=1.0)
    guess = detect_language(f"{case.subject}\n{found.words}")
    if guess.sure:
        return LanguagePart(code=guess.code, confidence=guess.confidence)
    return LanguagePart(
        status="unsure",
        code=guess.code,
        confidence=guess.confidence,
        help=Reason("help.more_text", "More text would help."),
    )


def entities_part(case: Case) -> EntitiesPart:
    """What the customer names, each thing once, where it is named first."""
    newest = list(enumerate(case.customer_messages))[-_ENTITY_MESSAGES:]
    items: dict[tuple[str, str], EntityOut] = {}
    for index, message in newest:
        for entity in extract_entities(message.body):
            found = EntityOut(
                type=entity.type,
                text=entity.text,
                start=entity.start,
                end=entity.end,
                message_id=message.id,
                message_index=index,
            )
            items.setdefault((entity.type, entity.text.casefold()), found)
    return EntitiesPart(items=list(items.values())[:_ENTITIES])


def sentiment_part(case: Case, found: Gathered, language: str) -> SentimentPart:
    messages = case.customer_messages[-_SENTIMENT_MESSAGES:]
    if not messages:
        return SentimentPart(
            status="unsure", model=SENTIMENT_MODEL, help=Reason("help.not_written", "The customer has not written yet.")
        )
    scores = [score_sentiment(message.body, language) for message in messages[:-1]]
    last = score_sentiment(found.words if len(messages) == 1 else messages[-1].body, language)
    values = [score.value for score in (*scores, last)]
    points = [SentimentPoint(message_id=m.id, value=v) for m, v in zip(messages, values, strict=True)]
    return SentimentPart(
        label=last.label,
        value=last.value,
        confidence=last.confidence,
        trend=sentiment_trend(values),
        points=points,
        model=SENTIMENT_MODEL,
    )


def category_part(case: Case, found: Gathered, language: str) -> CategoryPart:
    """The category of what is alike; in a language that the embedding model hardly knows, shared words must say so."""
    prediction = classify_category(_labelled(case, found, language), None, found.vector)
    part = CategoryPart(value=prediction.value, confidence=prediction.confidence, model=prediction.model)
    if not prediction.sure:
        return part.model_copy(
            update={"status": "unsure", "help": _MORE_CATEGORIES, "help_code": code_of(_MORE_CATEGORIES)}
        )
    return part


def read_severity(case: Case, found: Gathered, sentiment: SentimentPart, language: str) -> SeverityReading:
    """Predict severity from the text and from what is known beside it."""
    text = IssueText(case.subject, found.words, language)
    signals = SeveritySignals(
        plan=case.customer.plan if case.customer else None,
        repeat_contacts=len(same_topic_issues(case, found, None)) if case.customer else 0,
        sentiment=sentiment.value,
        similar_open=_fresh_alike(case, found),
    )
    vector = found.vector if found.embedder == severity_embedder() else None
    return SeverityReading(classify_severity(text, signals, vector), signals)


def severity_part(reading: SeverityReading, found: Gathered) -> SeverityPart:
    """The prediction, moved by what people said of issues like this one; what must be seen at once is not lowered."""
    prediction = reading.prediction
    alarm = is_critical(prediction, reading.signals).value
    probabilities = dict(prediction.probabilities)
    factors = list(prediction.factors)
    set_by_people = (card.severity for card in _alike(found) if card.severity_source == "agent")
    votes = [] if alarm else [severity for severity in set_by_people if severity]
    if votes:
        # One voice moves a little, three or more as much as the model itself.
        share = min(0.5, 0.2 * len(votes))
        probabilities = {
            severity: (1 - share) * p + share * votes.count(severity) / len(votes)
            for severity, p in probabilities.items()
        }
        favourite = max(set(votes), key=votes.count)
        said = f"people set issues like this one to {favourite}"
        factors.append(Factor(Reason("severity.people_set", said, severity=favourite), round(share, 2)))
    value = max(probabilities, key=lambda severity: probabilities[severity])
    sure = prediction.sure or (bool(votes) and probabilities[value] >= 0.5)
    return SeverityPart(
        status="ok" if sure else "unsure",
        help=None if sure else _MORE_ON_IMPACT,
        value=value,
        confidence=round(probabilities[value], 4),
        probabilities={severity: round(p, 4) for severity, p in probabilities.items()},
        factors=_factors(factors),
        model=prediction.model,
    )


def critical_part(reading: SeverityReading) -> CriticalPart:
    decision = is_critical(reading.prediction, reading.signals)
    return CriticalPart(value=decision.value, reasons=list(decision.reasons))


def resolution_time_part(found: Gathered, severity: str | None, now: datetime) -> ResolutionTimePart:
    neighbours = [
        ResolvedNeighbour(
            likeness=likeness_of(hit),
            hours=hours_between(card.created_at, card.resolved_at),
            age_days=hours_between(card.resolved_at, now) / 24,
        )
        for hit in found.issue_hits
        # An archive without times gives both moments as those of the import: that took no time only on paper.
        if (card := found.cards.get(hit.id)) is not None and card.resolved_at and card.resolved_at > card.created_at
    ]
    estimate = estimate_resolution_time(neighbours, found.recent, severity)
    return ResolutionTimePart(
        status="ok" if estimate.sure else "unsure",
        help=None if estimate.sure else Reason("help.resolved", "Resolved issues of your own would help."),
        median_hours=estimate.median_hours,
        low_hours=estimate.low_hours,
        high_hours=estimate.high_hours,
        coverage=estimate.coverage,
        factors=_factors(estimate.factors),
        model=estimate.model,
    )


def satisfaction_part(
    case: Case, found: Gathered, sentiment: SentimentPart, severity: str | None, now: datetime
) -> SatisfactionRiskPart:
    values = [point.value for point in sentiment.points]
    risk = predict_satisfaction_risk(
        SatisfactionFeatures(
            sentiment_last=sentiment.value or 0.0,
            sentiment_trend=sentiment.trend or "steady",
            sentiment_lowest=min(values, default=0.0),
            sentiment_mean=sum(values) / len(values) if values else None,
            customer_messages=len(case.customer_messages),
            hours_open=max(0.0, hours_between(case.created_at, now)),
            hours_waiting=_hours_waiting(case, now),
            repeat_contacts=len(same_topic_issues(case, found, None)) if case.customer else 0,
            reopened=case.reopened_count > 0,
            severity=severity,
            past_ratings=past_ratings(found),
        )
    )
    return SatisfactionRiskPart(
        status="ok" if risk.sure else "unsure",
        help=None if risk.sure else _MORE_SAID,
        probability=risk.probability,
        confidence=risk.confidence,
        factors=_factors(risk.factors),
        model=risk.model,
    )


def _labelled(case: Case, found: Gathered, language: str) -> list[LabelledNeighbour]:
    known = found.vector is None or understands(found.embedder, language)
    wording = None if known else read_wording(text_of(case, found.words))

    def counts(hit: SearchHit) -> bool:
        return wording is None or is_like(found, hit, language, wording)

    issues = [
        LabelledNeighbour(card.category, likeness_of(hit))
        for hit in found.issue_hits
        if (card := found.cards.get(hit.id)) is not None
        and card.category
        # What a model said is no witness: it would confirm itself.
        and card.category_source != "model"
        and counts(hit)
    ]
    documents = [
        LabelledNeighbour(row.category, _DOCUMENT_WITNESS * likeness_of(hit))
        for hit in found.template_hits[:_WITNESSES]
        if (row := found.templates.get(hit.id)) is not None and row.category and counts(hit)
    ]
    return [*issues, *documents]


def _alike(found: Gathered) -> list[Card]:
    return [found.cards[h.id] for h in found.issue_hits if h.id in found.cards and likeness_of(h) >= _ALIKE]


def _fresh_alike(case: Case, found: Gathered) -> int:
    """Other customers' open issues of the last day that are like this one: the sign of an incident."""
    own = case.customer.id if case.customer else None
    asked = matters_of(text_of(case, found.words))
    return sum(
        is_of_now(card, case)
        and (own is None or card.customer_id != own)
        and not is_other_matter(asked, matters_of(card.subject))
        for card in _alike(found)
    )


def _hours_waiting(case: Case, now: datetime) -> float:
    public = [message for message in case.messages if message.visibility == "public"]
    if case.status in ENDED or not public or public[-1].author != "customer":
        return 0.0
    return max(0.0, hours_between(public[-1].created_at, now))


def _factors(factors: Sequence[Factor]) -> list[FactorOut]:
    return [FactorOut(label=factor.label, effect=round(factor.effect, 3)) for factor in factors]
