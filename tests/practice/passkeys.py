"""A passkey of the tests: a device in software that holds one key, knows its owner, and speaks the script's JSON."""

import json
import os
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256

SEEN_AND_SURE, WITH_ITS_KEY = 0x05, 0x40  # WebAuthn 6.1: user present and verified; attested data included
NOBODYS_MODEL = bytes(16)


class Passkey:
    """A key that stays on the device and verifies its owner, so that no password is asked."""

    def __init__(self, origin: str = "http://localhost") -> None:
        self.origin = origin
        self.name = os.urandom(32)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.owner = ""
        self.used = 0

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the new key as the browser's script sends it."""
        asked = options["publicKey"]
        self.owner = asked["user"]["id"]
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        attested = NOBODYS_MODEL + len(self.name).to_bytes(2, "big") + self.name + public
        seen = self._seen(asked["rp"]["id"], SEEN_AND_SURE | WITH_ITS_KEY) + attested
        answer = {
            "clientDataJSON": told(self._said("webauthn.create", asked["challenge"])),
            "attestationObject": told(cbor.encode({"fmt": "none", "attStmt": {}, "authData": seen})),
        }
        return self._credential(answer, credProps={"rk": True})

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a challenge as the browser's script sends it."""
        asked = options["publicKey"]
        self.used += 1
        said = self._said("webauthn.get", asked["challenge"])
        seen = self._seen(asked["rpId"], SEEN_AND_SURE)
        signed = self.key.sign(seen + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        answer = {
            "clientDataJSON": told(said),
            "authenticatorData": told(seen),
            "signature": told(signed),
            "userHandle": self.owner,
        }
        return self._credential(answer)

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _seen(self, house: str, flags: int) -> bytes:
        return sha256(house.encode()).digest() + bytes([flags]) + self.used.to_bytes(4, "big")

    def _credential(self, answer: dict[str, str], **extensions: object) -> dict[str, Any]:
        name = told(self.name)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": answer,
            "clientExtensionResults": extensions,
        }


def told(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")
