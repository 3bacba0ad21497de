"""A file in; checked records, or every problem named, out."""
