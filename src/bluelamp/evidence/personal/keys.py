"""The keys, in a folder of their own outside the store.

    master              the keys that wrap the others, newest first, and the key of the hashes
    data/<sha>.<id>.key  one for each file of records, wrapped by a master key
    log-end             how long the access log is, and its last hash
    log-copy            the entries of the access log, which an older backup may lack

To destroy a data key is to destroy the rows, in every copy and backup of the store. That holds only
while backups of the store do not hold this folder: keep them apart, and of this folder keep no old
copies.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bluelamp.evidence.personal.private import (
    destroy,
    make_folder,
    open_to_others,
    write_private,
)
from bluelamp.evidence.personal.problem import KeyGone, PersonalProblem

FOLDER, MASTER = "BLUELAMP_PERSONAL_KEYS", "BLUELAMP_PERSONAL_MASTER"
KEY_BYTES, NONCE_BYTES = 32, 12
# 128 bits of the hash: enough that no two people share one, short enough to be typed.
HASH_DIGITS = 32
HEADING = "# Blue Lamp: the keys of records about people. Whoever has this file can read them.\n"


@dataclass(frozen=True)
class Secrets:
    """The master keys, the first of which wraps, and the key of the hashes. Never in a `repr`."""

    masters: tuple[bytes, ...] = field(repr=False)
    hashing: bytes = field(repr=False)

    def to_text(self) -> str:
        lines = [f"hash {base64.b64encode(self.hashing).decode()}"]
        lines += [f"master {base64.b64encode(master).decode()}" for master in self.masters]
        return HEADING + "\n".join(lines) + "\n"

    @classmethod
    def from_text(cls, text: str, where: str) -> Secrets:
        """Raises PersonalProblem where the text is not what `bluelamp personal keys` writes."""
        found: dict[str, list[bytes]] = {"hash": [], "master": []}
        for line in text.splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            word, _, encoded = line.partition(" ")
            try:
                key = base64.b64decode(encoded.strip(), validate=True)
            except binascii.Error:
                key = b""
            if word not in found or len(key) != KEY_BYTES:
                raise PersonalProblem(
                    f"{where} does not hold keys as `bluelamp personal keys` writes them"
                )
            found[word].append(key)
        if len(found["hash"]) != 1 or not found["master"]:
            raise PersonalProblem(f"{where} needs one key of hashes and at least one master key")
        return cls(tuple(found["master"]), found["hash"][0])


def keeps_people() -> bool:
    """Whether this office keeps records about people: it has said where their keys are."""
    return bool(os.environ.get(FOLDER))


def new_secrets() -> Secrets:
    return Secrets((secrets.token_bytes(KEY_BYTES),), secrets.token_bytes(KEY_BYTES))


def _name(master: bytes) -> str:
    """By what a wrapped key names its master key; it tells nothing of it."""
    return hashlib.sha256(b"bluelamp master " + master).hexdigest()[:16]


class Keys:
    """The folder of keys, opened."""

    def __init__(self, folder: Path, held: Secrets, *, writable: bool) -> None:
        self.folder = folder
        self._held = held
        self._writable = writable

    @classmethod
    def make(cls, folder: Path, forbidden: Iterable[Path]) -> Keys:
        """A new folder of keys. Raises PersonalProblem where it may not be there or is there."""
        _check_outside(folder, forbidden)
        if (folder / "master").exists():
            raise PersonalProblem(f"{folder} has keys already; nothing was written")
        make_folder(folder)
        held = new_secrets()
        write_private(folder / "master", held.to_text().encode())
        return cls(folder, held, writable=True)

    @classmethod
    def find(cls, forbidden: Iterable[Path]) -> Keys:
        """The folder that $BLUELAMP_PERSONAL_KEYS names; the master keys may come from
        $BLUELAMP_PERSONAL_MASTER instead of its file.

        Raises PersonalProblem where there is none, where it lies in one of the `forbidden` folders,
        or where others than its owner can open it.
        """
        named = os.environ.get(FOLDER)
        if not named:
            raise PersonalProblem(
                f"records about people need keys: make them with `bluelamp personal keys FOLDER` "
                f"outside the store, and set ${FOLDER} to that folder"
            )
        folder = Path(named)
        _check_outside(folder, forbidden)
        if not folder.is_dir():
            raise PersonalProblem(f"${FOLDER} names {folder}, which is no folder")
        given = os.environ.get(MASTER)
        master = folder / "master"
        for path in (folder, *(() if given else (master,))):
            if not path.exists():
                raise PersonalProblem(f"{path} is missing; take it from the backup of the keys")
            if open_to_others(path):
                mode = "700" if path.is_dir() else "600"
                raise PersonalProblem(
                    f"others than its owner can open {path}; close it: chmod {mode} {path}"
                )
        if given:
            return cls(folder, Secrets.from_text(given, f"${MASTER}"), writable=False)
        text = master.read_text(encoding="utf-8")
        return cls(folder, Secrets.from_text(text, str(master)), writable=True)

    # --- hashes -------------------------------------------------------------------------------

    def hash(self, column: str, identifier: str) -> str:
        """The keyed hash (HMAC-SHA256) of an identifier, alike for every way of writing it.

        The column is part of it, so a number of one kind never meets a number of another.
        """
        plain = "".join(c for c in identifier.casefold() if c.isalnum())
        said = f"{column}\0{plain}".encode()
        return hmac.new(self._held.hashing, said, hashlib.sha256).hexdigest()[:HASH_DIGITS]

    # --- data keys ----------------------------------------------------------------------------

    def _path(self, sha256: str, key_id: str) -> Path:
        return self.folder / "data" / f"{sha256}.{key_id}.key"

    def new(self, sha256: str) -> tuple[str, bytes]:
        """A new key for the rows of a file: its id and the key, kept wrapped."""
        key_id, key = secrets.token_hex(8), secrets.token_bytes(KEY_BYTES)
        write_private(self._path(sha256, key_id), self._wrapped(sha256, key_id, key))
        return key_id, key

    def _wrapped(self, sha256: str, key_id: str, key: bytes) -> bytes:
        master, nonce = self._held.masters[0], secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(master).encrypt(nonce, key, f"{sha256}.{key_id}".encode())
        record = {
            "master": _name(master),
            "wrapped": base64.b64encode(nonce + sealed).decode(),
        }
        return json.dumps(record, sort_keys=True).encode() + b"\n"

    def get(self, sha256: str, key_id: str) -> bytes:
        """The key of a file's rows; raises KeyGone."""
        path = self._path(sha256, key_id)
        try:
            record = json.loads(path.read_bytes())
            sealed = base64.b64decode(record["wrapped"])
            (master,) = [m for m in self._held.masters if _name(m) == record["master"]]
            aad = f"{sha256}.{key_id}".encode()
            return AESGCM(master).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
        except FileNotFoundError:
            raise KeyGone(
                f"the key of {sha256[:12]} is not in {self.folder}: it was destroyed, or this is "
                "another folder of keys"
            ) from None
        except (ValueError, KeyError, InvalidTag):
            raise KeyGone(
                f"{path} cannot be opened with the master keys that are given; look for the "
                "master key that it was made with"
            ) from None

    def ids(self, sha256: str) -> list[str]:
        """The ids of the keys of a file: one, or none, or two after a crash."""
        found = (self.folder / "data").glob(f"{sha256}.*.key")
        return sorted(path.name.split(".")[1] for path in found)

    def files(self) -> list[str]:
        """The hashes of the files that there are keys of."""
        return sorted({path.name.split(".")[0] for path in (self.folder / "data").glob("*.key")})

    def destroy(self, sha256: str, key_id: str) -> None:
        """From here on nobody can read what this key sealed, in no copy and no backup."""
        destroy(self._path(sha256, key_id))

    # --- a new master key ---------------------------------------------------------------------

    def rotate(self) -> int:
        """Wrap every data key by a new master key and forget the old ones; how many were wrapped.

        With master keys from the variable the first of them is the new one, and the rest can be
        taken out of it afterwards. May be made again after a crash.
        """
        if self._writable:
            fresh = (secrets.token_bytes(KEY_BYTES), *self._held.masters)
            self._keep(Secrets(fresh, self._held.hashing))
        wrapped = 0
        for sha256 in self.files():
            for key_id in self.ids(sha256):
                key = self.get(sha256, key_id)
                write_private(self._path(sha256, key_id), self._wrapped(sha256, key_id, key))
                wrapped += 1
        if self._writable:
            self._keep(Secrets(self._held.masters[:1], self._held.hashing))
        return wrapped

    def _keep(self, held: Secrets) -> None:
        write_private(self.folder / "master", held.to_text().encode())
        self._held = held


def _check_outside(folder: Path, forbidden: Iterable[Path]) -> None:
    """The keys may lie in no folder that is kept or copied with the records, nor around one."""
    inside = folder.resolve()
    for other in (path.resolve() for path in forbidden):
        if inside.is_relative_to(other) or other.is_relative_to(inside):
            raise PersonalProblem(
                f"the keys at {folder} and the records at {other} lie in one another: a copy of "
                "one would be a copy of both; put the keys into a folder of their own"
            )
