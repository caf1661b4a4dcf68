"""Every HTTP request that leaves the product: where it may go, and how much may come back."""
