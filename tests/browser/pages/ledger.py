"""Looks at pages of the ledger, its tasks and files."""

from tests.browser.visiting import Visit

NEAR = "#map=13/30.8/108.35"

PAGES: dict[str, tuple[Visit, ...]] = {
    "/chains": (
        Visit("/chains", who="planner"),
        Visit("/chains?point={point}", who="planner", name="chain-followed"),
    ),
    "/chains/{chain_id}": (Visit("/chains/{chain}", who="wanzhou", name="chain-kept"),),
    "/chains/table": (Visit("/chains/table", name="chain-table"),),
    "/exposure": (Visit("/exposure?area=/500000/500101/", who="planner"),),
    "/map": (
        Visit("/map", ready="[data-drawn]", budget_kb=400),
        Visit("/map" + NEAR + "&point={point}", ready="[data-drawn]", name="map-point"),
    ),
    "/modes": (
        Visit("/modes"),
        Visit("/modes?area=/500000/500101/", who="wanzhou", name="modes-district"),
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
    "/evidence": (
        Visit("/evidence", who="planner", ready=".reasons"),
        Visit("/evidence?state=merged", name="evidence-none"),
    ),
    "/evidence/possible": (Visit("/evidence/possible", who="planner"),),
    "/evidence/possible/{run_id}": (
        Visit(
            "/evidence/possible/{susceptibility}",
            who="planner",
            ready="#susceptibility-map[data-drawn]",
        ),
    ),
    "/evidence/{proposal_id}": (
        Visit("/evidence/{evidence}", who="planner", ready="[data-drawn]"),
        Visit("/evidence/{evidence_rejected}", who="planner", name="evidence-rejected"),
    ),
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
    "/points/{point_id}/cards": (
        Visit("/points/{point}/cards", who="wanzhou", name="point-cards"),
    ),
    "/p/{point_id}": (Visit("/p/{point}", who="", name="card"),),
    "/papers/again": (Visit("/papers/again", who="wanzhou", name="papers-again"),),
    "/papers": (Visit("/papers", who="planner"), Visit("/papers", who="city", name="papers-city")),
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
}
