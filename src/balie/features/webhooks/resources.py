"""Webhook endpoints over HTTP, for admins: parse, command, answer."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from balie.desk.access import Access
from balie.desk.deliveries import Delivery
from balie.desk.log import Writer
from balie.edge.auth import role
from balie.edge.bodies import Input
from balie.edge.given import GivenAccess, GivenClock, GivenDb, GivenHouse, GivenOnce, GivenWrite
from balie.edge.outward import URL_LIMIT, Outward
from balie.edge.writes import Once
from balie.features.webhooks import commands, signing, store
from balie.features.webhooks.facts import EventType, Webhook
from balie.lib import ids
from balie.lib.errors import ConflictError, Flaw, InvalidError
from balie.lib.text import one_line

ADMINS = [role("admin")]
TAGS = ["webhooks"]


class WebhookInput(Input):
    """``events``: each type once. Notes leave the desk only where ``note.added`` is asked for."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=URL_LIMIT)]
    events: Annotated[list[EventType], msgspec.Meta(min_length=1, max_length=20)]
    description: Annotated[str, msgspec.Meta(max_length=200)] = ""
    active: bool = True

    async def checked(self, outward: Outward, webhook: str, now: int) -> Webhook:
        """The endpoint that this asks for. InvalidError when no call may go to its address."""
        try:
            await outward.check(self.url)
        except InvalidError as error:
            raise InvalidError(error.detail, code=error.code, errors=[Flaw("/url", error.detail)]) from None
        return Webhook(
            id=webhook,
            url=self.url,
            description=one_line(self.description, 200),
            events=list(dict.fromkeys(self.events)),
            active=self.active,
            off_reason="" if self.active else "person",
            created_at=now,
            changed_at=now,
            old_secret_until=None,
            failing_since=None,
        )


class NewWebhookInput(WebhookInput):
    """``secret`` is made when left out: ``whsec_`` and 24 to 64 bytes in base64."""

    secret: str | None = None


class SecretInput(Input):
    """``secret`` is made when left out."""

    secret: str | None = None


class WebhookSecret(msgspec.Struct, frozen=True):
    """An endpoint with the secret that signs what it gets. The secret is told this once."""

    webhook: Webhook
    secret: str


class _Answered(msgspec.Struct, frozen=True):
    """What is remembered of an answer with a secret: enough to find the secret again where it lies anyway."""

    webhook: Webhook
    secret_digest: bytes


class WebhookList(msgspec.Struct, frozen=True):
    """All webhooks of the organisation."""

    items: list[Webhook]


@get("/webhooks", operation_id="listWebhooks", summary="List webhooks", tags=TAGS, guards=ADMINS)
async def list_webhooks(db: GivenDb, access: GivenAccess) -> WebhookList:
    """For admins. All of the organisation's, oldest first."""
    return WebhookList(await db.read(lambda tx: store.webhooks(tx, access)))


@post("/webhooks", operation_id="createWebhook", summary="Add a webhook", tags=TAGS, guards=ADMINS)
async def create_webhook(
    data: JSONBody[NewWebhookInput],
    access: GivenAccess,
    house: GivenHouse,
    clock: GivenClock,
    once: GivenOnce,
) -> WebhookSecret:
    """For admins. The secret is in this answer and in no other, but for a repeat with the same Idempotency-Key. 400
    `url_invalid`, `url_not_https`, `url_not_public`, `secret_invalid`; 409 `secret_gone`."""
    secret = signing.checked_secret(data.secret) if data.secret else signing.new_secret()
    webhook = await data.checked(house.outward, ids.new_id(ids.WEBHOOK), clock.now())
    return await _told_once(
        once, access, lambda writer: WebhookSecret(commands.add(writer, access, webhook, secret), secret)
    )


@put(
    "/webhooks/{webhook:str}",
    operation_id="replaceWebhook",
    summary="Change a webhook",
    tags=TAGS,
    guards=ADMINS,
)
async def replace_webhook(
    webhook: FromPath[str],
    data: JSONBody[WebhookInput],
    access: GivenAccess,
    house: GivenHouse,
    clock: GivenClock,
    write: GivenWrite,
) -> Webhook:
    """For admins. Turned on again, it tells what happens from then on."""
    wanted = await data.checked(house.outward, webhook, clock.now())
    return await write(lambda writer: commands.replace(writer, access, wanted))


@delete(
    "/webhooks/{webhook:str}",
    operation_id="deleteWebhook",
    summary="Remove a webhook and its log",
    tags=TAGS,
    guards=ADMINS,
)
async def delete_webhook(webhook: FromPath[str], access: GivenAccess, write: GivenWrite) -> None:
    """For admins. What was still to be sent is not sent."""
    await write(lambda writer: commands.remove(writer, access, webhook))


@post(
    "/webhooks/{webhook:str}/secret",
    operation_id="rotateWebhookSecret",
    summary="Give a webhook a new secret",
    tags=TAGS,
    guards=ADMINS,
)
async def rotate_secret(
    webhook: FromPath[str], data: JSONBody[SecretInput], access: GivenAccess, once: GivenOnce
) -> WebhookSecret:
    """For admins. For 24 hours both secrets sign: receivers may take over the new one in their own time. 409
    `secret_gone` for a repeat when it has been replaced since."""
    secret = signing.checked_secret(data.secret) if data.secret else signing.new_secret()
    return await _told_once(
        once, access, lambda writer: WebhookSecret(commands.rotate(writer, access, webhook, secret), secret)
    )


@post(
    "/webhooks/{webhook:str}/tests",
    operation_id="testWebhook",
    summary="Send a test event",
    tags=TAGS,
    guards=ADMINS,
)
async def send_test(webhook: FromPath[str], access: GivenAccess, once: GivenOnce) -> Delivery:
    """For admins. An event `webhook.test`, signed and retried like any other. 409 `webhook_off`."""
    return await once(lambda writer: commands.send_test(writer, access, webhook), Delivery)


async def _told_once(once: Once, access: Access, command: Callable[[Writer], WebhookSecret]) -> WebhookSecret:
    """The command's answer. The secret is not remembered with it: a repeat reads it from the endpoint, and is refused
    when it is not there any more."""

    def keep(answer: WebhookSecret) -> _Answered:
        return _Answered(answer.webhook, _digest(answer.secret))

    def again(writer: Writer, answered: _Answered) -> WebhookSecret:
        webhook = answered.webhook
        for secret in store.secrets(writer.tx, access.organisation, webhook.id):
            if hmac.compare_digest(_digest(secret), answered.secret_digest):
                return WebhookSecret(webhook, secret)
        raise ConflictError("This secret has been replaced since. Ask for a new one.", code="secret_gone")

    return await once.keeping(command, _Answered, keep, again)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
