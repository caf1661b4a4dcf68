"""Hand-written texts of the sample data."""
