"""How long it takes: to build, push and pull an image, and until a crashed node's containers are back."""
