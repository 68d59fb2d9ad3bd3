"""A caller whom an agent has served comes back to the flow: a survey, a last word, the goodbye.

For the centre such a call is on its way out: it had its agent, and its leg is all that is left. So
the flow can neither put it into a queue again nor promise a callback for it. Whoever asks for a
person in a survey is led where the flow leads callers who left the queue: to a message, mostly.
"""

from ivr.flow import Flow, nodes
from ivr.inputs import Digits, HungUp, Input, QueueLeft
from ivr.interpreter import advance
from ivr.session import Session
from ivr.steps import Enqueue, Steps, ending_of

NO = "2"
"""The key that declines a callback."""


def beyond_talk(flow: Flow, session: Session, steps: Steps, given: Input) -> tuple[Session, Steps]:
    """Lead somebody on who was to wait again, or to be promised a callback.

    Returns:
        The first place that is neither; after as many tries as there are nodes, the end.
    """
    for _ in range(len(flow.nodes)):
        if isinstance(ending_of(steps), Enqueue):
            left = QueueLeft(at_ms=given.at_ms, queues=given.queues, reason="served already")
            session, steps = advance(flow, session, left)
        elif isinstance(flow.nodes.get(session.node), nodes.Callback) and not session.outcome:
            session, steps = advance(
                flow, session, Digits(at_ms=given.at_ms, queues=given.queues, digits=NO)
            )
        else:
            return session, steps
    return advance(flow, session, HungUp(at_ms=given.at_ms))
