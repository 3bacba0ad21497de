"""A seed in; a file as an office would send it, and what is to be read from it, out.

``make_file`` writes random records in a random layout with random traits; ``faults`` holds what
was read against them. ``python -m tests.office`` does so for thousands of files.
"""

from tests.office.damages import Damage
from tests.office.making import Made, make_file

__all__ = ["Damage", "Made", "make_file"]
