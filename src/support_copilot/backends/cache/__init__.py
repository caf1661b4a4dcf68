"""What is counted and forgotten soon."""
