"""The addresses under which this server is reached, and which of them are only this machine."""

import ipaddress
from urllib.parse import urlsplit

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


def is_loopback(host: str) -> bool:
    """Whether a host name or address (IPv6 with or without brackets) can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, without a default port and without a path.

    Raises ValueError when the URL is not a plain http(s) address.
    """
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        raise ValueError(f"{url!r} is not an http or https address.")
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{shown}" + (f":{parts.port}" if parts.port not in (None, default) else "")


def own_origins(public_url: str) -> tuple[str, ...]:
    """Every spelling of our own origin, the configured one first.

    A server on loopback is called 127.0.0.1, localhost and [::1] by different people and tools.
    """
    own = origin_of(public_url)
    parts = urlsplit(own)
    if not is_loopback(parts.hostname or ""):
        return (own,)
    port = f":{parts.port}" if parts.port else ""
    spellings = (f"{parts.scheme}://{name}{port}" for name in LOOPBACK_NAMES)
    return (own, *(spelling for spelling in spellings if spelling != own))
