"""Texts and presentations of office programs: DOCX, ODT, RTF, PPTX."""
