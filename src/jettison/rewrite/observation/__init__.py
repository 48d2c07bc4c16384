"""Where no recipe knows better: a Dockerfile by observation, whose last stage copies what a plan keeps."""
