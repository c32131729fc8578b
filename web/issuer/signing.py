"""The embedded issuer's signing key: made once, kept in a file that only its owner reads, shared by workers."""

import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import ECKey

KEY_FILE = "issuer-key.json"


def signing_key(data_dir: Path) -> ECKey:
    """Return the key of this data directory; the first process that asks makes it (ES256, mode 600).

    Several processes may ask at once: a link to a finished file either comes into being or exists already,
    so all of them read the same whole key.
    """
    path = data_dir / KEY_FILE
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        _make(path)
    return ECKey.import_key(json.loads(path.read_text(encoding="ascii")))


def _make(path: Path) -> None:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            json.dump(key.as_dict(private=True), file)
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first, its key is the key
    finally:
        draft.unlink()
