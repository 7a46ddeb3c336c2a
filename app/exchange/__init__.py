"""Files that come in and go out: archive, CSV, XLSX, feeds."""
