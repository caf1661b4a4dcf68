"""Background jobs as people see them: list, look, try a buried one again."""
