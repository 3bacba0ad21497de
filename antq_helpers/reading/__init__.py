"""Read office files into checked records, and report every problem found."""
