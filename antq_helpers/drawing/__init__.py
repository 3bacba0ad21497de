"""Draw charts of records on matplotlib axes and figures."""
