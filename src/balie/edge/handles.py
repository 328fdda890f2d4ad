"""How many sockets this process has file handles for. The database, health checks and people at the console need some
too: a flood of sockets must not take the last one."""

import resource

import structlog

log = structlog.get_logger(__name__)

RESERVED = 64
"""Handles for the database's files or connections, the doors, and HTTP requests under way."""
FEW = 1_000
"""Fewer sockets than this are too few for a website; more is a choice of whoever set the limit."""


def room_for_sockets(wanted: int) -> int:
    """``wanted``, or as many as fit below the limit of open files, which is raised as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted + RESERVED:
        return wanted
    soft = wanted + RESERVED if hard == resource.RLIM_INFINITY else min(hard, wanted + RESERVED)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    room = max(1, min(wanted, soft - RESERVED))
    if room < min(wanted, FEW):
        log.warning("few_file_handles", sockets=room, wanted=wanted, handles=soft)
    elif room < wanted:
        log.debug("file_handles", sockets=room, wanted=wanted, handles=soft)
    return room
