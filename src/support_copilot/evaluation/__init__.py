"""How right the product is, measured through the functions that its services call."""
