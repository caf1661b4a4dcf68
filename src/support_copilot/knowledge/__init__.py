"""Templates, articles and the review queue: the record that services share."""
