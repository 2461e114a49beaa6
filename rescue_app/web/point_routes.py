"""Routes of the ledger; what has a name of its own comes before `/points/{point_id}`."""

from fastapi import APIRouter

from rescue_app.api import evidence as evidence_api
from rescue_app.api import points as points_api
from rescue_app.api import points_near as near_api
from rescue_app.web import (
    card_codes,
    evidence,
    evidence_panel,
    ground,
    paper_again,
    papers,
    point_cards,
    points,
    points_bulk,
    points_near,
    susceptibility,
)

ROUTERS: tuple[APIRouter, ...] = (
    near_api.router,
    evidence_api.router,
    ground.router,
    susceptibility.router,  # before /evidence/{proposal_id}
    evidence.router,
    evidence_panel.router,
    points_api.router,
    points_bulk.router,
    points_near.router,
    paper_again.router,
    papers.router,
    card_codes.router,
    point_cards.router,
    points.router,
)
