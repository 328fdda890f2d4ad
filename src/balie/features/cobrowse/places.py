"""Where a look goes on: consent for one more tab, or for a site that the policy trusts."""

from typing import Literal

from balie.desk.log import Writer
from balie.desk.model import Actor
from balie.features.cobrowse import steps, store
from balie.features.cobrowse.facts import LookContinued
from balie.features.cobrowse.steps import Consent
from balie.features.cobrowse.store import LookRow


def go_on(
    writer: Writer, row: LookRow, actor: Actor, on: Literal["tab", "site"], tab: str, consent: Consent
) -> LookRow:
    """The visitor agreed in this place, too. ConflictError ``look_ended``, ``look_not_viewing``."""
    steps.check_looking(row, writer.now, *steps.LOOKING)
    store.touch(writer.tx, row.id, writer.now)
    body = LookContinued(
        look=row.id,
        on=on,
        tab=tab,
        address=consent.address,
        language=consent.language,
        consent_text=consent.text,
    )
    steps.told(writer, row, actor, "look_continued", body)
    return row
