"""Records in; numbers with their uncertainty out."""
