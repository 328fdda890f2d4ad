"""The web channel: a visitor on a website talks through the widget.

``resources``  visitor sessions, tickets, older messages (HTTP)
``socket``     the visitor's session
``hello``      what a visitor is told on connecting: the missing facts, or a snapshot
``doorman``    what a ticket of the socket stands for; who comes in is ``edge.doorman``'s
"""

from balie.channels.web.resources import WebParts, routes
from balie.channels.web.socket import Floods, VisitorDoor
from balie.edge.plugs import Slice

SOCKET = "/v1/socket/visitor"


def web_channel(parts: WebParts) -> Slice:
    """The channel as ``app`` plugs it in; its socket is ``VisitorDoor`` at ``SOCKET``."""
    return Slice(name="web", routes=[routes(parts)])


__all__ = ["SOCKET", "Floods", "VisitorDoor", "WebParts", "web_channel"]
