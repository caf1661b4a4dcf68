"""What every endpoint shares: context, limits, errors, paging, concurrency, events."""
