"""A view or a window in; sentences and files for a meeting out."""
