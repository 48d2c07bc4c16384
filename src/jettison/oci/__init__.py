"""The formats of the Open Container Initiative and of Docker, and where images are kept and moved.

Values first (``digest``, ``descriptor``, ``config``, ``manifest``, ``image``), then the places an image can
be in (``layout``, ``archive``, ``registry``, ``daemon``) and what moves it (``transfer``).
"""
