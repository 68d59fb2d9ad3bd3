"""The sound of recordings, fetched from the carrier for somebody who was allowed to hear it.

The carrier keeps the sound behind its authentication, so a browser cannot fetch it and must not be
given the means to. It is passed through piece by piece: nothing is kept here, and a player may ask
for a part of it.

Source: https://www.twilio.com/docs/voice/api/recording#fetch-a-recording-media-file (MP3 by its
ending; authentication), https://www.rfc-editor.org/rfc/rfc9110#name-range-requests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import requests
from twilio.rest import Client

from acd.ids import Sid
from cordboard.runtime.carrier.faults import CARRIER_ERRORS, Meaning, meaning_of
from cordboard.runtime.carrier.transport import CONNECT_S, READ_S

PIECE_BYTES = 64 << 10

_HOST = "https://api.twilio.com"

_PASSED_ON = ("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges")


class SoundUnavailable(Exception):  # noqa: N818  (a state of the world, not a mistake)
    """The carrier gave no sound; `is_gone` tells whether it ever will."""

    def __init__(self, why: str, *, is_gone: bool) -> None:
        super().__init__(why)
        self.is_gone = is_gone


@dataclass(frozen=True, slots=True)
class Sound:
    """An answer with sound: the whole, or the part that was asked for."""

    status: int
    headers: Mapping[str, str]
    pieces: Iterator[bytes]


class CarrierSound:
    """The sounds of one account."""

    def __init__(self, client: Client, carrier_url: str = "") -> None:
        self._client = client
        self._host = carrier_url.rstrip("/") or client.get_hostname(_HOST)

    def fetch(self, sid: Sid, byte_range: str = "") -> Sound:
        """Return a recording's sound.

        Args:
            sid: The recording's.
            byte_range: A `Range` header as the player sent it; empty for the whole.

        Raises:
            SoundUnavailable: The carrier has none (any more), or does not answer.
        """
        path = f"/2010-04-01/Accounts/{self._client.account_sid}/Recordings/{sid}.mp3"
        try:
            answer = requests.get(
                self._host + path,
                auth=(self._client.username, self._client.password),
                headers={"Range": byte_range} if byte_range else {},
                timeout=(CONNECT_S, READ_S),
                stream=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise SoundUnavailable(type(error).__name__, is_gone=False) from error
        if answer.status_code not in (200, 206):
            answer.close()
            raise SoundUnavailable(
                f"status {answer.status_code}", is_gone=answer.status_code in (404, 410)
            )
        headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
        return Sound(answer.status_code, headers, _pieces(answer))

    def delete(self, sid: Sid) -> None:
        """Delete a recording at the carrier; one that is gone already is deleted.

        Raises:
            SoundUnavailable: The carrier refused or did not answer.
        """
        try:
            self._client.recordings(sid).delete()
        except CARRIER_ERRORS as error:
            if meaning_of(error) is not Meaning.GONE:
                raise SoundUnavailable("not deleted", is_gone=False) from error


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    with answer:
        yield from answer.iter_content(PIECE_BYTES)
