"""Numbers in; an Axes or a Figure out."""
