"""A passkey in software: makes and shows itself as a browser would, and lies where asked to."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One key pair for one host."""

    def __init__(self, host: str, *, verified: bool = True) -> None:
        self.host, self.verified = host, verified
        self.id = secrets.token_bytes(16)
        self.user = b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def _flags(self) -> int:
        return FLAG.UP | (FLAG.UV if self.verified else 0)

    def _hash(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()

    def _said(self, kind: str, options: dict, origin: str) -> CollectedClientData:
        challenge = options["publicKey"]["challenge"]
        return CollectedClientData(
            json.dumps(
                {"type": kind, "challenge": challenge, "origin": origin or f"http://{self.host}"}
            ).encode()
        )

    def make(self, options: dict[str, Any], origin: str = "") -> str:
        """What a browser sends when it made the passkey."""
        self.user = options["publicKey"].get("user", {}).get("id", "").encode()
        data = AuthenticatorData.create(
            self._hash(),
            self._flags() | FLAG.AT,
            0,
            AttestedCredentialData.create(
                bytes(16), self.id, ES256.from_cryptography_key(self._key.public_key())
            ),
        )
        response = {
            "clientDataJSON": websafe_encode(self._said("webauthn.create", options, origin)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self._sent(response)

    def show(self, options: dict[str, Any], origin: str = "") -> str:
        """What a browser sends when it showed the passkey."""
        said = self._said("webauthn.get", options, origin)
        data = AuthenticatorData.create(self._hash(), self._flags(), 1)
        signature = self._key.sign(bytes(data) + said.hash, ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(said),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.user.decode(),
        }
        return self._sent(response)

    def _sent(self, response: dict[str, str]) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )
