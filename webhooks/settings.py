"""What the webhooks have to be told: the public address, the secrets, how waiting sounds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from webhooks.addresses import checked_base_url
from webhooks.phrases import PHRASES, Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSettings:
    """Settings of the web processes; secrets are left out of its text form.

    `destinations` are beginnings of numbers in E.164 form, such as `+4420`, to which the call flow
    may transfer. None means no transfer at all: toll fraud begins with a number nobody meant.
    """

    base_url: str  #: the public address as the carrier sees it, such as https://cc.example.com
    account_sids: tuple[str, ...]
    auth_tokens: tuple[str, ...] = field(repr=False)  #: the primary, and its successor
    token_key: bytes = field(repr=False)  #: secret of the step tokens, 32 bytes or more
    phrases: Mapping[str, Phrases] = field(default_factory=lambda: PHRASES)
    language: str = "en"  #: spoken when nothing better is known; a key of `phrases`
    hold_music: tuple[str, ...] = ()  #: addresses of audio; silence between announcements if none
    leave_key: str = ""  #: key that leaves the queue, back into the flow; none if empty
    opt_out_key: str = "9"  #: key of the safe-harbour message
    destinations: tuple[str, ...] = ()
    talk_s_max: int = 14_400  #: time limit of every leg opened here

    def __post_init__(self) -> None:
        """Check what can be checked without the world.

        Raises:
            ValueError: A setting is wrong; the sentence says which and what would be right.
        """
        checked_base_url(self.base_url)
        if not self.account_sids:
            raise ValueError("account_sids is empty; name the account whose webhooks are taken")
        if self.language not in self.phrases:
            raise ValueError(
                f"language is '{self.language}', for which there are no phrases;"
                f" use one of {', '.join(sorted(self.phrases))}"
            )
        for name, key in (("leave_key", self.leave_key), ("opt_out_key", self.opt_out_key)):
            if key and (len(key) != 1 or key not in "0123456789*#"):
                raise ValueError(f"{name} is '{key}'; use one of 0-9, * and #")
        if not self.opt_out_key:
            raise ValueError("opt_out_key is empty; called people must be able to opt out")
        if not 60 <= self.talk_s_max <= 86_400:
            raise ValueError(f"talk_s_max is {self.talk_s_max}; it must be 60 to 86400")
