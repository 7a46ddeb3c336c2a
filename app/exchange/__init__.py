"""Files that others read and write (the archive, tables), as plain functions from and to bytes."""
