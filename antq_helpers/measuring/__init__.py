"""Totals, rates, trends, tests and disclosure control, computed from records."""
