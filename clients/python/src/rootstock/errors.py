"""Errors of the services as exceptions."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.rpc import error_details_pb2, status_pb2

_STATUS = "grpc-status-details-bin"


class RootstockError(Exception):
    """A failed call.

    code: gRPC code, such as "INVALID_ARGUMENT". reason: for programs, such as "RESOURCE_NOT_FOUND"; may be empty.
    fields: invalid fields of the request, path to description.
    """

    def __init__(self, message: str, code: str, reason: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.fields = fields or {}


class JobFailed(RootstockError):
    """A job ended without a version: failed or cancelled."""

    def __init__(self, job: str, state: str, message: str) -> None:
        super().__init__(f"{job} {state}: {message}", state.upper())


@contextmanager
def translated() -> Iterator[None]:
    """Raises RootstockError for a failed call within the block."""
    try:
        yield
    except grpc.RpcError as failure:
        raise _error(failure) from None


def _error(failure: grpc.RpcError) -> RootstockError:
    status = status_pb2.Status()
    for key, value in failure.trailing_metadata() or ():
        if key == _STATUS:
            status.ParseFromString(value)
    reason = ""
    fields: dict[str, str] = {}
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        request = error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(request):
            fields = {violation.field: violation.description for violation in request.field_violations}
    message = failure.details() or failure.code().name
    if failure.code() is grpc.StatusCode.UNAVAILABLE and not status.details:
        message = f"service unavailable ({message}); start the services with `rootstock up`, or set its endpoint"
    return RootstockError(message, failure.code().name, reason, fields)
