"""Customers: the record that services share."""
