"""Base images: which there are, what a program needs of one, and minimal ones made of packages."""
