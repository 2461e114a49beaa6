"""Looks at pages of the front, and what belongs to nobody else."""

from tests.browser.visiting import Visit

PAGES: dict[str, tuple[Visit, ...]] = {
    "/": (
        Visit("/"),
        Visit("/", who="", name="home-resident"),
        Visit("/", who="crew", name="home-crew"),
    ),
    "/sign-in": (Visit("/sign-in", who=""),),
    "/help": (Visit("/help"),),
    "/styleguide": (Visit("/styleguide"),),
}

# What people see when something is not as it should be.
TROUBLE = (Visit("/no-such-page", status=404, name="error-missing"),)
