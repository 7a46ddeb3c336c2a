"""The reference central: the HTTPS endpoint that laptops sync with."""
