"""How long the workbook takes, each thing beside what it is held against."""
