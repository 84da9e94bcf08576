"""What Prefect does by itself, from ``deployments/automations.yaml``: made, or made anew, in the server by name.

Nothing is decided here: the file says what happens. It runs once, when the server has started.
"""

import asyncio
from pathlib import Path
from uuid import UUID

import yaml
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import PrefectClient, get_client
from prefect.events.schemas.automations import AutomationCore
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import SecretStr

from tasks.errors import Terminal

WEBHOOK = "webhook"  # stands in the file for the id of the block that knows the address
_BLOCK = "dateline-webhook"


def apply_automations(file: Path, api_url: str, webhook_url: SecretStr) -> None:
    """Make the automations of ``file`` in the server at ``api_url``; those that need a webhook only where there is one.

    Raises Terminal ``automations_invalid`` where Prefect cannot read one.
    """
    told = yaml.safe_load(file.read_text(encoding="utf-8"))["automations"]
    with temporary_settings({PREFECT_API_URL: api_url}):
        asyncio.run(_apply(file, told, webhook_url))


async def _apply(file: Path, told: list[dict], webhook_url: SecretStr) -> None:
    block = await _webhook_block(webhook_url) if webhook_url.get_secret_value() else None
    async with get_client() as client:
        for automation in told:
            needs_webhook = any(action.get("block_document_id") == WEBHOOK for action in automation["actions"])
            if needs_webhook and block is None:
                await _remove(client, automation["name"])
                continue
            await _put(client, _read(file, automation, block))


def _read(file: Path, told: dict, block: UUID | None) -> AutomationCore:
    actions = [
        action | {"block_document_id": block} if action.get("block_document_id") == WEBHOOK else action
        for action in told["actions"]
    ]
    try:
        return AutomationCore.model_validate(told | {"actions": actions})
    except ValueError as error:
        raise Terminal("automations_invalid", f"{file}: {told['name']}: {error}. Mend it.") from error


async def _webhook_block(url: SecretStr) -> UUID:
    """The block that posts ``{"text": ...}`` to the address, as Slack, Mattermost and many others take it."""
    block = CustomWebhookNotificationBlock(
        name="Dateline", url=url.get_secret_value(), method="POST", json_data={"text": "{{subject}}\n{{body}}"}
    )
    return await block.save(_BLOCK, overwrite=True)


async def _put(client: PrefectClient, automation: AutomationCore) -> None:
    there = await client.read_automations_by_name(automation.name)
    if there:
        await client.update_automation(there[0].id, automation)
    else:
        await client.create_automation(automation)


async def _remove(client: PrefectClient, name: str) -> None:
    for automation in await client.read_automations_by_name(name):
        await client.delete_automation(automation.id)
