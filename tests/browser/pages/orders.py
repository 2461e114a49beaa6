"""Looks at pages of incidents, orders and who carries them."""

from tests.browser.visiting import Visit

PAGES: dict[str, tuple[Visit, ...]] = {
    "/gateways": (Visit("/gateways"), Visit("/gateways", who="street", name="gateways-street")),
    "/duty/turns": (
        Visit("/duty/turns", who="street"),
        Visit("/duty/turns", who="crew", name="duty-turns-crew"),
    ),
    "/reach": (Visit("/reach", who="crew"),),
    "/calls": (Visit("/calls", who="crew"),),
    "/calls/board": (Visit("/calls/board", who="wanzhou"),),
    "/calls/{call_id}": (Visit("/calls/{call}", who="wanzhou"),),
    "/crews": (Visit("/crews"), Visit("/crews?q=zzz", name="crews-none")),
    "/crews/{crew_id}": (Visit("/crews/{crew}", who="wanzhou", name="crew-able"),),
    "/crews/import": (Visit("/crews/import", who="wanzhou"),),
    "/crews/words": (Visit("/crews/words"),),
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
    "/evacuations/households": (Visit("/imports?of=households", who="wanzhou", name="households"),),
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
