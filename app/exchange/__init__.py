"""Files that others read and write: the archive, CSV and XLSX; bytes in and out, plain data."""
