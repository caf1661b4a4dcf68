"""One suite for each port: whatever stands behind it passes the same tests."""
