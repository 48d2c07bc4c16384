"""The report: pure data with a versioned schema (``model``), and its renderings (``json``, ``terminal``)."""
