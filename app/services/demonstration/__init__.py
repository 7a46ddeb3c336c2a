"""The demonstration: a whole meeting on real communes, through the services of the window."""
