"""The pages of the window, one for each place, and what they share."""
