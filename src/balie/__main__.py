"""``python -m balie``: the same as the ``balie`` command."""

from balie.cli import main

main()
