"""How long a crashed node's containers take to be ready elsewhere: a model, its defaults and its calibration."""
