"""Errors every floor may raise. They name the trouble, never an HTTP status.

The text is an English message id with `{named}` places; the top floor says it in the
reader's language. It tells what happened and what to do next.
"""


class PlatformError(Exception):
    """Base of every error we raise on purpose."""

    code = "platform_error"

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values) if self.values else self.text


class Missing(PlatformError):
    """The thing asked for is not there, or not visible to the asker."""

    code = "missing"


class Conflict(PlatformError):
    """The request is well formed but clashes with the present state."""

    code = "conflict"


class Forbidden(PlatformError):
    """The thing is visible, but this act on it is not the asker's."""

    code = "forbidden"


class Rejected(PlatformError):
    """The value breaks a rule of the domain."""

    code = "rejected"


class Throttled(PlatformError):
    """The asker goes faster than was agreed; the same later is welcome."""

    code = "throttled"


class Unavailable(PlatformError):
    """A part we stand on (database, gateway, file) is not to be had now."""

    code = "unavailable"
