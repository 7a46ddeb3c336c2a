"""One module for each schema version, never changed once released."""
