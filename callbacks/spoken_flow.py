"""The call flow that a campaign's cases are told by: the version it was launched with, earlier the published one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from callbacks.campaign import Campaign
from flows.documents import FlowDocument
from flows.errors import DocumentError, UnknownFlow
from flows.versions import FlowVersion, latest, load_document


def spoken_flow(session: Session, campaign: Campaign, variant: str = "a") -> FlowDocument | None:
    """The document for cases of this variant; None while there is none that can be read."""
    name, version_id = (
        (campaign.flow_b_name, campaign.flow_b_version_id)
        if variant == "b"
        else (campaign.flow_name, campaign.flow_version_id)
    )
    try:
        version = session.get(FlowVersion, version_id) if version_id is not None else None
        if version is None:
            version = latest(session, name) if name else None
        return load_document(version) if version is not None else None
    except (UnknownFlow, DocumentError):
        return None
