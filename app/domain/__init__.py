"""The rules of the field: pure functions over plain data, no SQL, no I/O, no clock."""
