"""Finished slides or a finished appendix in; their bytes, with properties and stamp, out."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from antq_helpers.archives import stamped
from antq_helpers.briefing.pages import Briefing
from antq_helpers.drawing.stamp import KEY, Stamp

if TYPE_CHECKING:
    from docx.document import Document
    from pptx.presentation import Presentation

LOCALES = {"vi": "vi-VN", "en": "en-GB"}


def finish(document: Document | Presentation, briefing: Briefing, stamp: Stamp) -> bytes:
    """Say in a document's properties what it is and what it was made from, and write it."""
    told = document.core_properties
    told.author = told.last_modified_by = "antq_helpers"
    told.title = briefing.title
    told.subject, told.comments = "; ".join(briefing.marks), stamp.short()
    told.language = LOCALES[briefing.language]
    stream = io.BytesIO()
    document.save(stream)
    return stamped(stream.getvalue(), {KEY: stamp.text()})
