"""The signed-in agent's own card."""

from balie.desk.access import Access
from balie.desk.model import Language, Me, Organisation
from balie.engine.ports import Tx
from balie.lib.errors import NotSignedInError


def me(tx: Tx, access: Access) -> Me:
    row = tx.one(
        "select a.email, a.language, o.name from agent a join organisation o on o.id = a.organisation"
        " where a.id = ? and a.organisation = ?",
        [access.agent, access.organisation],
    )
    if row is None:
        raise NotSignedInError
    return Me(
        id=access.agent,
        name=access.name,
        email=row[0],
        role=access.role,
        language=row[1],
        organisation=Organisation(id=access.organisation, name=row[2]),
    )


def set_language(tx: Tx, access: Access, language: Language) -> None:
    """The agent's own choice; nobody else sees it, so it is no fact."""
    tx.execute("update agent set language = ? where id = ?", [language, access.agent])
