"""Errors as the REST API tells them: a status, a code, a sentence and where to read more.

Source:
    https://www.twilio.com/docs/api/errors (codes), https://www.twilio.com/docs/usage/twilios-response
    (shape of the body).
"""


class RestError(Exception):
    """The request is refused; the caller's fault unless the status says otherwise."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> dict[str, object]:
        """Return the JSON of the answer."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> RestError:
    """Return the error for something that does not exist (any more)."""
    return RestError(404, 20404, f"The requested resource {path} was not found")


def wrong_state(message: str) -> RestError:
    """Return the error for a call that is not in a state for the change asked for."""
    return RestError(400, 21220, message)


def invalid(code: int, message: str) -> RestError:
    """Return the error for a parameter that cannot be used."""
    return RestError(400, code, message)


def missing(name: str) -> RestError:
    """Return the error for a required parameter that was not given."""
    codes = {"To": 21201, "From": 21213, "Url": 21205}
    return RestError(400, codes.get(name, 20001), f"Required parameter {name} is missing")
