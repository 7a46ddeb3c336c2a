"""How paper is set: a tagged, archivable PDF (PDF/UA-1 and PDF/A-3a) on ReportLab's canvas."""
