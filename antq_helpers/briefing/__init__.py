"""Write the briefing of a period as sentences, slides, appendix, workbook and pictures."""
