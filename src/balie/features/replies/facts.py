"""The canned reply and its facts, in the organisation's stream."""

from typing import Literal

from balie.desk.facts import Body, define
from balie.desk.model import Noun


class CannedReply(Noun):
    """A saved text. ``shortcut`` is what an agent types after ``/``; ``text`` may hold {{variables}}."""

    id: str
    shortcut: str
    title: str
    text: str
    language: Literal["nl", "en", ""]


@define("reply_saved", "organisation", "agents")
class ReplySaved(Body):
    reply: CannedReply


@define("reply_removed", "organisation", "agents")
class ReplyRemoved(Body):
    id: str
