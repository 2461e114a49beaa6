"""Every module that declares jobs; a feature with a new one adds its line here."""

import rescue_app.case_jobs
import rescue_app.evidence_search
import rescue_app.exports
import rescue_app.imports
import rescue_app.labels
import rescue_app.paper_jobs
import rescue_app.review_report
import rescue_app.susceptibility_map

FEATURES: tuple[object, ...] = (
    rescue_app.case_jobs,
    rescue_app.evidence_search,
    rescue_app.exports,
    rescue_app.imports,
    rescue_app.labels,
    rescue_app.paper_jobs,
    rescue_app.review_report,
    rescue_app.susceptibility_map,
)
