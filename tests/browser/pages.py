"""Every page there is: its address on the stage, who looks at it, and what it may weigh.

A page that is not listed here fails `test_every_page_is_walked`.
"""

from tests.browser.visiting import Visit

NEAR = "#map=13/30.8/108.35"


PAGES: dict[str, tuple[Visit, ...]] = {
    "/": (
        Visit("/"),
        Visit("/", who="", name="home-resident"),
        Visit("/", who="crew", name="home-crew"),
    ),
    "/sign-in": (Visit("/sign-in", who=""),),
    "/help": (Visit("/help"),),
    "/styleguide": (Visit("/styleguide"),),
    "/map": (
        Visit("/map", ready="[data-drawn]", budget_kb=400),
        Visit("/map" + NEAR + "&point={point}", ready="[data-drawn]", name="map-point"),
    ),
    "/gateways": (Visit("/gateways"), Visit("/gateways", who="street", name="gateways-street")),
    "/duty/turns": (
        Visit("/duty/turns", who="street"),
        Visit("/duty/turns", who="crew", name="duty-turns-crew"),
    ),
    "/reach": (Visit("/reach", who="crew"),),
    "/modes": (
        Visit("/modes"),
        Visit("/modes?area=/500000/500101/", who="wanzhou", name="modes-district"),
    ),
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
    "/tasks": (
        Visit("/tasks?state=due", who="planner"),
        Visit("/tasks", who="wanzhou", name="tasks-none-overdue"),
    ),
    "/tasks/{task_id}": (
        Visit("/tasks/{task}", who="patrol", budget_kb=40, scripts_too=False),
        Visit("/tasks/{done_task}", who="patrol", name="task-done-already"),
    ),
    "/tasks/{task_id}/done/{answer_id}": (
        Visit("/tasks/{done_task}/done/{task_answer}", who="patrol", name="task-kept"),
    ),
    "/points": (Visit("/points"), Visit("/points?q=zzz", name="points-none")),
    "/exports": (Visit("/exports", who="planner"), Visit("/exports", name="exports-some")),
    "/imports": (
        Visit("/imports", who="planner"),
        Visit("/imports", name="imports-city"),
        Visit("/imports?of=assets", who="planner", name="imports-assets"),
    ),
    "/imports/{import_id}": (
        Visit("/imports/{import_ready}", who="planner", name="import-columns"),
        Visit("/imports/{import_checked}", who="planner", name="import-outcome"),
        Visit("/imports/{import_checked}?show=new", who="planner", name="import-new"),
        Visit("/imports/{import_failed}", who="planner", name="import-failed"),
        Visit("/imports/{import_waiting}", who="planner", name="import-waiting"),
        Visit("/imports/{import_drains}", who="planner", name="import-drains"),
        Visit("/imports/{import_bridges}", who="planner", name="import-bridges"),
    ),
    "/points/new": (Visit("/points/new"),),
    "/points/bulk": (
        Visit("/points/bulk?pick={point}", who="planner"),
        Visit(
            "/points/bulk",
            who="planner",
            typed=(("#category", "critical"), ("#owner_name", "周敏"), ("#owner_post", "副主任")),
            press="form[action*=preview] .primary",
            ready="#preview",
            name="bulk-preview",
        ),
    ),
    "/points/{point_id}": (Visit("/points/{point}"),),
    "/points/{point_id}/edit": (Visit("/points/{point}/edit"),),
    "/checklists": (Visit("/checklists"), Visit("/checklists?q=zzz", name="checklists-none")),
    "/checklists/figures": (Visit("/checklists/figures"),),
    "/checklists/import": (Visit("/checklists/import"),),
    "/checklists/new": (Visit("/checklists/new"),),
    "/checklists/{code}": (Visit("/checklists/landslide_watch", name="checklist"),),
    "/checklists/{code}/edit": (
        Visit("/checklists/landslide_hidden_flood/edit", name="checklist-edit"),
    ),
    "/cases": (
        Visit("/cases", who="wanzhou"),
        Visit("/cases?whose=all", name="cases-all"),
        Visit("/cases?whose=all&q=zzz", name="cases-none"),
    ),
    "/cases/{case_id}": (
        Visit("/cases/{case}", who="wanzhou"),
        Visit("/cases/{new_case}", who="planner", name="case-new"),
        Visit("/cases/{returned}", who="planner", name="case-returned"),
        Visit("/cases/{returned_many}", who="planner", name="case-returned-many"),
    ),
    "/cases/{case_id}/bulk": (Visit("/cases/{returned_many}/bulk", who="planner"),),
    "/cases/{case_id}/edit": (Visit("/cases/{returned}/edit", who="planner"),),
    "/duty": (Visit("/duty", who="planner"), Visit("/duty?on=2001-01-01", name="duty-none")),
    "/duty/import": (Visit("/duty/import", who="planner"),),
    "/duty/new": (Visit("/duty/new", who="planner"),),
    "/duty/ownerless": (Visit("/duty/ownerless", who="wanzhou"),),
    "/duty/people": (Visit("/duty/people", who="wanzhou"),),
    "/duty/{row_id}": (Visit("/duty/{duty_row}", who="planner"),),
    "/calls": (Visit("/calls", who="crew"),),
    "/calls/board": (Visit("/calls/board", who="wanzhou"),),
    "/calls/{call_id}": (Visit("/calls/{call}", who="wanzhou"),),
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
    "/monitoring": (Visit("/monitoring"), Visit("/monitoring?q=none", name="monitoring-none")),
    "/monitoring/{point_id}": (Visit("/monitoring/{station}", name="station"),),
    "/monitoring/{point_id}/backtest": (Visit("/monitoring/{station}/backtest", name="backtest"),),
    "/feeds": (Visit("/feeds"),),
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
    "/crews": (Visit("/crews"), Visit("/crews?q=zzz", name="crews-none")),
    "/crews/{crew_id}": (Visit("/crews/{crew}", who="wanzhou", name="crew-able"),),
    "/crews/import": (Visit("/crews/import", who="wanzhou"),),
    "/crews/words": (Visit("/crews/words"),),
    "/warnings": (Visit("/warnings", who="", budget_kb=40, scripts_too=False, name="warnings"),),
    "/warnings/here": (
        Visit(
            "/warnings/here?q=云阳", who="", budget_kb=40, scripts_too=False, name="warnings-here"
        ),
    ),
    "/alerts": (
        Visit("/alerts", who="yunyang"),
        Visit("/alerts?show=waiting", who="wanzhou", name="alerts-waiting"),
        Visit("/alerts", who="crew", name="alerts-none"),
    ),
    "/alerts/new": (Visit("/alerts/new", who="wanzhou"),),
    "/alerts/{alert_id}": (
        Visit("/alerts/{alert}", who="yunyang", name="alert"),
        Visit("/alerts/{alert_draft}", who="wanzhou", name="alert-draft"),
    ),
    "/alerts/{alert_id}/board": (
        Visit("/alerts/{alert}/board", who="yunyang", name="alert-board"),
    ),
    "/alerts/{alert_id}/update": (
        Visit("/alerts/{alert}/update", who="yunyang", name="alert-update"),
    ),
    "/incidents": (Visit("/incidents"),),
    "/incidents/new": (Visit("/incidents/new?lon=108.35&lat=30.8"),),
    "/levels": (Visit("/levels"),),
    "/plans": (Visit("/plans"),),
    "/plans/{code}": (Visit("/plans/geological?level=III", name="plan"),),
    "/plans/{code}/edit": (Visit("/plans/geological/edit", name="plan-edit"),),
    "/incidents/limits": (Visit("/incidents/limits"),),
    "/incidents/{incident_id}": (Visit("/incidents/{incident}"),),
    "/incidents/{incident_id}/report": (
        Visit("/incidents/{incident}/report", who="street", name="report-up"),
    ),
    "/incidents/{incident_id}/reports/{report_id}": (
        Visit("/incidents/{incident}/reports/{sent}", name="report-sent"),
    ),
    "/evacuations": (Visit("/evacuations"),),
    "/evacuations/households": (
        Visit("/evacuations/households", who="wanzhou", name="households"),
    ),
    "/evacuations/{evacuation_id}": (Visit("/evacuations/{roster}", who="wanzhou"),),
    "/evacuations/{evacuation_id}/moves": (
        Visit("/evacuations/{roster}/moves", who="crew", name="evacuation-moves"),
    ),
    "/incidents/{incident_id}/proposal": (
        Visit("/incidents/{incident}/proposal?level=III", name="proposal"),
        Visit("/incidents/{incident}/proposal", who="wanzhou", name="proposal-rest"),
    ),
    "/incidents/{incident_id}/wall": (
        Visit("/incidents/{incident}/wall", ready="[data-seen] [data-drawn]", name="wall"),
    ),
    "/incidents/{incident_id}/review": (Visit("/incidents/{incident}/review", name="review"),),
    "/reviews/indicators": (Visit("/reviews/indicators", name="review-indicators"),),
    "/lessons": (Visit("/lessons", who="wanzhou"),),
    "/loans": (
        Visit("/loans", who="wanzhou"),
        Visit("/loans", who="yunyang", name="loans-borrower"),
    ),
    "/issues/{batch_id}": (Visit("/issues/{issue}", name="issue"),),
    "/orders/new": (Visit("/orders/new?incident={incident}"),),
    "/orders/{order_id}": (Visit("/orders/{order}"),),
    "/inbox": (Visit("/inbox", who="yunyang"),),
    "/crew": (Visit("/crew", who="crew", budget_kb=60),),
}

# What people see when something is not as it should be.
TROUBLE = (Visit("/no-such-page", status=404, name="error-missing"),)


def visits() -> list[Visit]:
    """Give every look at every page."""
    return [visit for looks in PAGES.values() for visit in looks] + list(TROUBLE)
