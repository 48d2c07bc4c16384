"""What holds for all tests: how long an example of hypothesis takes says more of the machine than of the code."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("jettison", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jettison")
