"""One function or small method for each intention of the user."""
