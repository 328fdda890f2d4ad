"""What a visitor is told of the desk: whether somebody is there, and the hours."""

from balie.desk.openings import Openings
from balie.desk.presence import Presence
from balie.edge import frames


def desk_now(presence: Presence, openings: Openings, organisation: str, inbox: str, name: str) -> frames.Desk:
    """``name``: the organisation's."""
    hours = openings.hours(inbox)
    there = (hours is None or hours.open) and presence.is_attended(organisation, inbox)
    return frames.Desk(status="online" if there else "away", name=name, hours=hours)
