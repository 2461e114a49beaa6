"""Looks at pages of codes and what patrols do behind them."""

from tests.browser.visiting import Visit

PAGES: dict[str, tuple[Visit, ...]] = {
    "/round": (
        Visit("/round", who="patrol"),
        Visit("/round", who="crew", name="round-nothing"),
    ),
    "/outbox": (Visit("/outbox", who="patrol", budget_kb=40, scripts_too=False),),
    "/tracks": (
        Visit("/tracks", who="patrol"),
        Visit("/tracks", who="crew", name="tracks-none"),
    ),
    "/tracks/{track_id}": (
        Visit("/tracks/{track}", who="patrol", ready="#track-map[data-drawn]", name="track"),
        Visit("/tracks/{track}", who="street", ready="#track-map[data-drawn]", name="track-chain"),
    ),
    "/conflicts": (
        Visit("/conflicts", who="street"),
        Visit("/conflicts?ruled=true", who="yunyang", name="conflicts-none"),
    ),
    "/conflicts/{conflict_id}": (
        Visit("/conflicts/{conflict}", who="street", name="conflict"),
        Visit("/conflicts/{conflict}", who="patrol", name="conflict-author"),
    ),
    "/assets": (Visit("/assets", who="street"),),
    "/assets/new": (
        Visit("/assets/new", who="street", name="asset-kinds"),
        Visit("/assets/new?type=bridge&lon=108.35&lat=30.8", who="street", name="asset-new"),
    ),
    "/assets/{asset_id}": (Visit("/assets/{asset}", who="street"),),
    "/assets/{asset_id}/edit": (Visit("/assets/{asset}/edit", who="street"),),
    "/labels": (
        Visit("/labels", who="street"),
        Visit("/labels?want=damaged&size=plate_100x60", who="street", name="labels-none"),
    ),
    "/measures": (
        Visit("/measures", who="street"),
        Visit("/measures?asset=gate&mode=peace&hazard=none", name="measures-none"),
    ),
    "/measures/import": (Visit("/measures/import"),),
    "/measures/cards/{code}": (Visit("/measures/cards/new", name="measure-card"),),
    "/stores": (Visit("/stores", who="street"), Visit("/stores?q=none", name="stores-none")),
    "/stores/new": (Visit("/stores/new", who="street"),),
    "/stores/import": (Visit("/stores/import", who="street"),),
    "/stores/{store_id}": (Visit("/stores/{store}", who="street", name="store"),),
    "/stores/{store_id}/edit": (Visit("/stores/{store}/edit", who="street", name="store-edit"),),
    "/assets/{asset_id}/visit": (Visit("/assets/{asset}/visit", who="street", name="unscanned"),),
    "/assets/{asset_id}/visit/done/{inspection_id}": (
        Visit("/assets/{asset}/visit/done/{inspection}", who="street", name="unscanned-done"),
    ),
    "/assets/{asset_id}/traffic": (Visit("/assets/{asset}/traffic", who="street"),),
    "/coverage": (
        Visit("/coverage"),
        Visit("/coverage?type=bridge&sort=-assets", who="wanzhou", name="coverage-district"),
        Visit("/coverage?type=shelter", who="street", name="coverage-none"),
    ),
    "/findings": (
        Visit("/findings", who="street"),
        Visit("/findings?view=list", who="street", name="findings-list"),
        Visit("/findings?show=late", who="yunyang", name="findings-none"),
    ),
    "/findings/evaluation": (
        Visit("/findings/evaluation"),
        Visit("/findings/evaluation", who="yunyang", name="evaluation-none"),
    ),
    "/findings/evaluation/{sample_id}": (
        Visit("/findings/evaluation/{sample}"),
        Visit("/findings/evaluation/{sample}", who="wanzhou", name="sample-district"),
    ),
    "/findings/evaluation/{sample_id}/{finding_id}": (
        Visit("/findings/evaluation/{sample}/{closed_finding}", name="evaluate"),
        Visit("/findings/evaluation/{sample}/{closed_finding}", who="street", name="evaluated"),
    ),
    "/findings/{finding_id}": (Visit("/findings/{finding}", who="street"),),
    "/findings/{finding_id}/point": (
        Visit("/findings/{finding}/point", who="street", name="finding-point"),
    ),
    "/c": (Visit("/c", who="", budget_kb=30, scripts_too=False),),
    "/c/{code}": (
        Visit("/c/{code}", who="", budget_kb=30, scripts_too=False, name="scan-resident"),
        Visit("/c/{code}", who="street", budget_kb=30, scripts_too=False, name="scan-patrol"),
        Visit(
            "/c/{ended_code}",
            who="",
            budget_kb=30,
            scripts_too=False,
            status=410,
            name="scan-replaced",
        ),
        Visit(
            "/c/0000-0000-0000",
            who="",
            budget_kb=30,
            scripts_too=False,
            status=400,
            name="scan-mistyped",
        ),
    ),
    "/c/{code}/all": (Visit("/c/{code}/all", who="street", name="scan-whole"),),
    "/c/{code}/done/{inspection_id}": (
        Visit(
            "/c/{code}/done/{inspection}",
            who="street",
            budget_kb=30,
            scripts_too=False,
            name="scan-done",
        ),
    ),
    "/c/{code}/report": (
        Visit("/c/{code}/report", who="", budget_kb=30, scripts_too=False, name="report"),
    ),
    "/scan": (
        Visit("/scan", who="street", budget_kb=40, scripts_too=False, name="scanner"),
        Visit("/scan", who="wanzhou", name="scanner-no-pack"),
    ),
    "/r": (Visit("/r", who="", name="receipt-enter"),),
    "/r/{number}": (
        Visit("/r/{receipt}", who="", budget_kb=30, scripts_too=False, name="receipt"),
    ),
    "/c/{code}/findings/{finding_id}": (
        Visit("/c/{code}/findings/{finding}", who="street", name="finding-on-site"),
    ),
}
