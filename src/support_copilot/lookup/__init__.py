"""One search box over issues, customers, articles and templates."""
