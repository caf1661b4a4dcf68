"""Sample data: a made-up company whose shop and shipping software is supported, and issues in any number.

Parcelwick, its customers and their messages are invented; addresses use reserved example domains. All records have
the form that ``support-copilot import`` takes:

- customer: ``external_ref {source, id}, name, email, plan, value {amount, currency}, language, notes, created_at``
- issue: ``external_ref, customer {external_ref, name, email}, subject, messages [{author, visibility, body, body_html?,
  created_at, author_name?}], channel, status, severity?, category?, language, tags, created_at, first_response_at?,
  resolved_at?, reopened_count, assignee?, rating? {score, comment}, resolution? {text, steps, kind, reopened}``
- template: ``external_ref, title, body (Liquid), category, language, tone, tags``
- article: ``external_ref, title, body (Markdown), category, language, tags, status, created_at``
"""

from support_copilot.connect.sample.company import (
    SAMPLE_SOURCE,
    sample_articles,
    sample_customers,
    sample_issues,
    sample_templates,
)
from support_copilot.connect.sample.volume import generate_issues

__all__ = [
    "SAMPLE_SOURCE",
    "generate_issues",
    "sample_articles",
    "sample_customers",
    "sample_issues",
    "sample_templates",
]
