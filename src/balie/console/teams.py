"""Groups of agents."""

from litestar import get

from balie.desk import roster
from balie.desk.model import Noun, Team
from balie.edge.given import GivenAccess, GivenDb


class TeamList(Noun):
    items: list[Team]


@get("/teams", operation_id="listTeams", summary="List teams", tags=["people"])
async def list_teams(db: GivenDb, access: GivenAccess) -> TeamList:
    """All teams of the organisation, by name."""
    return TeamList(items=await db.read(lambda tx: roster.teams(tx, access.organisation)))
