"""The formats of the Open Container Initiative and of Docker, and where images are kept and moved.

Values first (``digest``, ``descriptor``, ``config``, ``manifest``, ``image``), then the places an image can
be in (``layout``, ``archive``, ``registry``, ``daemon``) and what moves it (``transfer``).
"""

import sys
from types import ModuleType
from typing import cast

# httpx brings a command line of its own, whose imports (rich, pygments) take a third of the time until the first
# request, and does without where that is not installed. ``None`` says so (Python reference, 5.3.1).
sys.modules.setdefault("httpx._main", cast(ModuleType, None))
