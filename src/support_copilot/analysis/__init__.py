"""Issue analysis service: intake, severity, similar issues, customer history, forecasts."""
