"""Widgets over drawing, with no other logic."""
