"""Where the services are, and how to authenticate."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import grpc

_SERVICES = ("registry", "tokenizer", "trainer", "inference")
_DEFAULT_PORT = 7400
_MAXIMUM_MESSAGE_BYTES = 64 << 20


@dataclass(frozen=True)
class Endpoints:
    """host:port of each service, bearer token, trusted certificates and a client certificate with its PKCS#8 key (PEM); no
    TLS without certificates. Channels keep the certificates that they were opened with."""

    registry: str
    tokenizer: str
    trainer: str
    inference: str
    token: str = ""
    certificate_authority: bytes = b""
    client_certificate: bytes = b""
    client_key: bytes = b""

    @staticmethod
    def find(home: str | os.PathLike[str] | None = None) -> "Endpoints":
        """Reads the variables of the command line (ROOTSTOCK_REGISTRY_ENDPOINT, ..., ROOTSTOCK_TOKEN, else ROOTSTOCK_AUTH_TOKEN_FILE,
        ROOTSTOCK_CERTIFICATE_AUTHORITY, ROOTSTOCK_CLIENT_CERTIFICATE, ROOTSTOCK_CLIENT_KEY); a service without one is where
        `rootstock up` started it, by the records in the data directory (home, ROOTSTOCK_HOME or ~/.rootstock), else on its
        default port."""
        folder = Path(home or os.environ.get("ROOTSTOCK_HOME") or Path.home() / ".rootstock")
        token = os.environ.get("ROOTSTOCK_TOKEN", "").strip()
        token_file = os.environ.get("ROOTSTOCK_AUTH_TOKEN_FILE")
        addresses = {
            service: os.environ.get(f"ROOTSTOCK_{service.upper()}_ENDPOINT") or _local(folder, service)
            for service in _SERVICES
        }
        return Endpoints(
            **addresses,
            token=token or (Path(token_file).read_text().strip() if token_file else ""),
            certificate_authority=_pem("ROOTSTOCK_CERTIFICATE_AUTHORITY"),
            client_certificate=_pem("ROOTSTOCK_CLIENT_CERTIFICATE"),
            client_key=_pem("ROOTSTOCK_CLIENT_KEY"),
        )

    def channel(self, service: str) -> grpc.Channel:
        """Opens a channel to a service: "registry", "tokenizer", "trainer" or "inference"."""
        options = [
            ("grpc.max_receive_message_length", _MAXIMUM_MESSAGE_BYTES),
            ("grpc.keepalive_time_ms", 30_000),
        ]
        address = getattr(self, service)
        if self.certificate_authority or self.client_certificate:
            certificates = grpc.ssl_channel_credentials(
                self.certificate_authority or None, self.client_key or None, self.client_certificate or None
            )
            channel = grpc.secure_channel(address, certificates, options)
        else:
            channel = grpc.insecure_channel(address, options)
        return grpc.intercept_channel(channel, _Bearer(self.token)) if self.token else channel


def _pem(variable: str) -> bytes:
    file = os.environ.get(variable)
    return Path(file).read_bytes() if file else b""


def _local(home: Path, service: str) -> str:
    try:
        port = json.loads((home / "processes" / f"{service}.json").read_text())["grpcPort"]
    except FileNotFoundError:
        port = _DEFAULT_PORT + _SERVICES.index(service)
    return f"127.0.0.1:{port}"


class _Details(grpc.ClientCallDetails):
    def __init__(self, given: grpc.ClientCallDetails, metadata: list[tuple[str, str]]) -> None:
        self.method = given.method
        self.timeout = given.timeout
        self.metadata = metadata
        self.credentials = given.credentials
        self.wait_for_ready = getattr(given, "wait_for_ready", None)
        self.compression = getattr(given, "compression", None)


class _Bearer(
    grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor, grpc.StreamUnaryClientInterceptor
):
    """Adds the token to every call."""

    def __init__(self, token: str) -> None:
        self._header = ("authorization", f"Bearer {token}")

    def _intercept(self, continuation, details, request):  # noqa: ANN001, ANN202 (grpc has no types for these)
        return continuation(_Details(details, [*(details.metadata or ()), self._header]), request)

    intercept_unary_unary = _intercept
    intercept_unary_stream = _intercept
    intercept_stream_unary = _intercept
