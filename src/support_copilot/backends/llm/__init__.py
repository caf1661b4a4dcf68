"""Language models: one small port, the providers behind it, and what makes them dependable."""
