"""Imported by its name."""


def text():
    return "from a lazy module"
