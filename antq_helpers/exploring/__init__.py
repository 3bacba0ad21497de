"""Interactive explorers: widgets over the charts, with no other logic."""
