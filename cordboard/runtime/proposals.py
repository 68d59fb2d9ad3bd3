"""Answers that agents propose from solved calls, and their way into the flow.

An agent writes down the question and the answer that helped. A supervisor changes it, refuses it or
approves it: then the flow's text gets the entry, under the next version's number, and that version
takes over the callers of the one it was made of. So an answer is served like everything else a
flow says: proved before, the same for the whole call, gone with one rollback.
"""

import re
import secrets
from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from acd.ids import CallId
from cordboard.runtime.connection import Client, Store, telling_downs
from cordboard.runtime.releases import Author, ReleaseError, Releases
from ivr.flow import Flow, FlowError, read_flow
from ivr.proofs import check
from ivr.rollout import Release, Share

CHARACTERS_MAX = 1_000
OPEN_MAX = 200
"""So many proposals may wait for a supervisor; then agents are told that the desk is full."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class ProposalError(ValueError):
    """A proposal cannot be made or approved like this; the message says what would be right."""


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it goes into a flow."""

    entry: str  #: its name there, which callers do not hear
    question: str  #: as callers put it
    names: dict[str, str]  #: by language: what it is about, as it is offered
    answers: dict[str, str]  #: by language


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that an agent proposes."""

    proposal_id: str
    flow: str
    question: str
    answers: dict[str, str]  #: by language of the flow
    agent_id: str
    call_id: str
    at_ms: int
    state: Literal["open", "approved", "refused"] = "open"
    decided_by: str = ""
    entry: str = ""  #: its name in the flow, once approved


class Proposals:
    """The proposals of a site."""

    def __init__(self, store: Store, releases: Releases, client: Client | None = None) -> None:
        self._client = client or store.client()
        self._key = store.keys.proposals
        self._releases = releases

    def propose(  # noqa: PLR0913  (a proposal is what it is made of)
        self,
        *,
        flow: str,
        question: str,
        answers: Mapping[str, str],
        agent_id: str,
        call_id: CallId,
        at_ms: int,
    ) -> Proposal:
        """Keep a proposal until a supervisor decides.

        Raises:
            ProposalError: It says nothing, or too much, or too many wait already.
            StoreDown: The store did not answer.
        """
        told = {language: text.strip() for language, text in answers.items() if text.strip()}
        if not question.strip() or not told:
            raise ProposalError("write the question as callers put it, and the answer")
        if any(len(text) > CHARACTERS_MAX for text in (question, *told.values())):
            raise ProposalError(
                f"{CHARACTERS_MAX} characters are the most for a question or answer"
            )
        if len(self.waiting()) >= OPEN_MAX:
            raise ProposalError(f"{OPEN_MAX} proposals wait for a supervisor already")
        made = Proposal(
            proposal_id=secrets.token_hex(8),
            flow=flow,
            question=question.strip(),
            answers=told,
            agent_id=agent_id,
            call_id=call_id,
            at_ms=at_ms,
        )
        self._keep(made)
        return made

    def waiting(self) -> list[Proposal]:
        """Return the proposals nobody has decided about, oldest first.

        Raises:
            StoreDown: The store did not answer.
        """
        with telling_downs():
            texts = cast("list[bytes]", self._client.hvals(self._key))
        found = [msgspec.json.decode(text, type=Proposal) for text in texts]
        return sorted(
            (one for one in found if one.state == "open"),
            key=lambda one: (one.at_ms, one.proposal_id),
        )

    def refuse(self, proposal_id: str, by: str) -> None:
        """Put a proposal away.

        Raises:
            ProposalError: It does not wait any more.
            StoreDown: The store did not answer.
        """
        known = self._waiting(proposal_id)
        self._keep(msgspec.structs.replace(known, state="refused", decided_by=by))

    def approve(self, proposal_id: str, wording: Wording, author: Author) -> Flow:
        """Put an answer into its flow and let callers hear it.

        Args:
            proposal_id: What is approved.
            wording: As the supervisor left it, in every language of the flow.
            author: Who approves.

        Returns:
            The new version.

        Raises:
            ProposalError: The flow would not be right with it, or it does not wait any more.
            StoreDown: The store did not answer.
        """
        known = self._waiting(proposal_id)
        release = self._releases.all().get(known.flow)
        if release is None:
            raise ProposalError(f"{known.flow} has no release; publish the flow first")
        base = max(release.shares, key=lambda share: share.percent).version
        text = self._releases.text(known.flow, base)
        if text is None:
            raise ProposalError(f"version {base} of {known.flow} is not kept any more")
        version = max(self._releases.versions(known.flow)) + 1
        made = with_entry(text, version, wording)
        try:
            flow = self._releases.publish(made, author)
            self._releases.change(
                known.flow,
                lambda before: _in_place(before, base, version),
                "rolled out",
                version,
                author,
            )
        except ReleaseError as error:
            raise ProposalError(str(error)) from error
        approved = msgspec.structs.replace(
            known, state="approved", decided_by=author.by, entry=wording.entry
        )
        self._keep(approved)
        return flow

    def _waiting(self, proposal_id: str) -> Proposal:
        for one in self.waiting():
            if one.proposal_id == proposal_id:
                return one
        raise ProposalError("somebody has decided about this proposal already")

    def _keep(self, proposal: Proposal) -> None:
        with telling_downs():
            self._client.hset(self._key, proposal.proposal_id, msgspec.json.encode(proposal))


def _in_place(release: Release | None, base: int, version: int) -> Release:
    """Give a new version the callers of the one it was made of."""
    if release is None or base not in {share.version for share in release.shares}:
        raise ValueError("the release was changed meanwhile; look again and approve then")
    shares = tuple(
        Share(version=version if share.version == base else share.version, percent=share.percent)
        for share in release.shares
    )
    return msgspec.structs.replace(
        release,
        ordinal=release.ordinal + 1,
        shares=shares,
        before=(*release.before, release.shares),
    )


def with_entry(text: bytes, version: int, wording: Wording) -> bytes:
    """Return a flow's text with one more answer, under another version's number.

    The rest of the text stays as its author wrote it, comments and all.

    Raises:
        ProposalError: The name is taken or no name, or the flow would not be right with it.
    """
    before, entry = read_flow(text, file="flow"), wording.entry
    if not _NAME.fullmatch(entry):
        raise ProposalError(f"'{entry[:40]}' is no name; use small letters, digits and '_'")
    if entry in before.document.answers:
        raise ProposalError(f"there is an answer '{entry}' already; choose another name")
    written = {
        "name": _written(wording.names),
        "questions": [wording.question],
        "answer": _written(wording.answers),
    }
    line = f"  {entry}: {msgspec.json.encode(written).decode()}\n"
    made = re.sub(r"(?m)^version:[ ]*[0-9]+", f"version: {version}", text.decode(), count=1)
    if re.search(r"(?m)^answers:[ ]*(#.*)?$", made):
        head = re.compile(r"(?m)^(answers:[ ]*(?:#.*)?\n)")
        made = head.sub(lambda found: found.group(1) + line, made, count=1)
    else:
        made = f"{made.rstrip()}\nanswers:\n{line}"
    try:
        flow = read_flow(made.encode(), file=f"{before.name} version {version}")
    except FlowError as error:
        raise ProposalError(str(error)) from error
    if entry not in flow.document.answers or flow.version != version:
        raise ProposalError("this flow's text is written in a way answers cannot be added to")
    for finding in check(flow):
        if finding.at.startswith(f"answers.{entry}"):
            raise ProposalError(str(finding))
    return made.encode()


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in texts.items() if text.strip()}
