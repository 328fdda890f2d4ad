"""The looking policies of inboxes over HTTP: agents read what holds, admins change it and see what held."""

from typing import Annotated, Any

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from balie.desk.model import Noun
from balie.edge.auth import role
from balie.edge.bodies import Input
from balie.edge.given import GivenAccess, GivenDb, GivenWrite
from balie.features.cobrowse import policies
from balie.features.cobrowse.facts import LookingPolicy
from balie.features.cobrowse.policy import Profile
from balie.features.cobrowse.resources import TAGS

_ADMINS = [role("admin")]
_PATH = "/inboxes/{inbox:str}/looking-policy"
VERSIONS_MAX = 100


class PolicyInput(Input):
    """``version``: the one that was edited. ``policy``: the keys of docs/cobrowse.md."""

    version: Annotated[int, msgspec.Meta(ge=0, le=1 << 30)]
    profile: Profile
    policy: dict[str, Any]


class PolicyVersions(Noun):
    items: list[LookingPolicy]


@get(_PATH, operation_id="getLookingPolicy", summary="What agents may see", tags=TAGS)
async def show_policy(inbox: FromPath[str], db: GivenDb, access: GivenAccess) -> LookingPolicy:
    """Version 0 is what a new inbox starts with: texts are seen, fields are not."""
    return await db.read(lambda tx: policies.for_agent(tx, access, inbox))


@put(_PATH, operation_id="putLookingPolicy", summary="Change what agents may see", tags=TAGS, guards=_ADMINS)
async def put_policy(
    inbox: FromPath[str], data: JSONBody[PolicyInput], access: GivenAccess, write: GivenWrite
) -> LookingPolicy:
    """For admins. Holds for looks that the visitor agrees to from now on. 400 `policy_invalid` names every key that is
    wrong; 409 `edited_meanwhile`."""
    return await write(
        lambda writer: policies.replace(writer, access, inbox, data.version, data.profile, data.policy)
    )


@get(
    f"{_PATH}/versions",
    operation_id="listLookingPolicies",
    summary="What agents might see",
    tags=TAGS,
    guards=_ADMINS,
)
async def list_versions(inbox: FromPath[str], db: GivenDb, access: GivenAccess) -> PolicyVersions:
    """For admins. Newest first, the last 100."""
    return PolicyVersions(items=await db.read(lambda tx: policies.versions(tx, access, inbox, VERSIONS_MAX)))
