"""What a run tells Prefect's event feed, for automations to react to. Only tells; nothing is decided here."""

from collections.abc import Sequence

from prefect.events import emit_event

from warehouse import model


def tell_events(run: model.Run, given_up: Sequence[tuple[str, str, str, str]]) -> None:
    """Tell of the articles that a run landed, and of the sources that are ``given_up``: (source_id, state, configured
    address, last error) of each."""
    if run.articles_new or run.articles_revised:
        emit_event(
            event="dateline.articles.landed",
            resource={"prefect.resource.id": f"dateline.run.{run.run_id}", "prefect.resource.name": run.run_id},
            payload={
                "flow": run.flow,
                "articles_new": run.articles_new,
                "articles_copies": run.articles_copies,
                "articles_revised": run.articles_revised,
            },
        )
    for source_id, state, url, last_error in given_up:
        emit_event(
            event="dateline.source.quarantined",
            resource={"prefect.resource.id": f"dateline.source.{source_id}", "prefect.resource.name": source_id},
            payload={"state": state, "url": url, "last_error": last_error},
        )
