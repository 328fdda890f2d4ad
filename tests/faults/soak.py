"""Placeholder."""


def run(*_: object) -> int:
    raise NotImplementedError
