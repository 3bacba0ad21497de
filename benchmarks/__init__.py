"""How long the workbook takes, each thing beside a bare way to do the same."""
