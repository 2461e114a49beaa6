"""Looks at pages of stations, rules and warnings."""

from tests.browser.visiting import Visit

PAGES: dict[str, tuple[Visit, ...]] = {
    "/monitoring": (Visit("/monitoring"), Visit("/monitoring?q=none", name="monitoring-none")),
    "/monitoring/{point_id}": (Visit("/monitoring/{station}", name="station"),),
    "/monitoring/{point_id}/backtest": (Visit("/monitoring/{station}/backtest", name="backtest"),),
    "/monitoring/side-by-side": (Visit("/monitoring/side-by-side", name="side-by-side"),),
    "/rules": (Visit("/rules", who="city"),),
    "/rules/{code}": (Visit("/rules/river_level", who="city", name="rule"),),
    "/rules/{code}/edit": (
        Visit("/rules/landslide_wet/edit", who="city", name="rule-edit"),
        Visit("/rules/landslide_rain/edit", who="city", name="rule-edit-curve"),
    ),
    "/feeds": (Visit("/feeds"),),
    "/sightings": (Visit("/sightings", who="city"),),
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
    "/alerts/sources": (Visit("/alerts/sources", who="city", name="alert-sources"),),
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
}
