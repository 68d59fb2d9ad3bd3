"""Schemathesis over the whole API: what it makes of the description never finds a fault of ours.

The tool's checks run: no 5xx, every status and body described, input that does not fit refused, no
way in without a token. One is left out: that whatever fits is taken, because a schema cannot say
which numbers exist, or that one instant is after another. Behind `make test-api`.
"""

import pytest
from hypothesis import HealthCheck, given, settings

from cordboard.api.app import BASE, OPERATIONS
from cordboard.api.document import document_of
from cordboard.api.operation import Nothing
from tests.cordboard.api.api_world import open_door

schemathesis = pytest.importorskip("schemathesis")
positive_data_acceptance = schemathesis.checks.positive_data_acceptance

pytestmark = pytest.mark.slow

SEARCH = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory, day_url):
    with open_door(tmp_path_factory.mktemp("fuzzed"), day_url) as door:
        yield door


@pytest.fixture(scope="module")
def api(fuzzed):
    # Told beforehand, so that leaving the token out is not counted as input that does not fit.
    told = {"headers": {"Authorization": f"Bearer {fuzzed.shown}"}}
    config = schemathesis.Config.from_dict(told)
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", fuzzed.app, config=config)


def searches():
    """Yield each operation with input that fits, and with input that does not if it takes any.

    Values in the path alone leave nothing to misfit: whatever has no slash fits.
    """
    for each in OPERATIONS:
        yield pytest.param(each, schemathesis.GenerationMode.POSITIVE, id=f"{each.name}-fits")
        if each.takes is not None or each.query is not Nothing:
            yield pytest.param(
                each, schemathesis.GenerationMode.NEGATIVE, id=f"{each.name}-misfits"
            )


@pytest.mark.parametrize(("operation", "mode"), list(searches()))
def test_nothing_that_fits_or_misfits_the_description_is_a_fault(api, operation, mode):
    shape = api[operation.path][operation.method]

    @SEARCH
    @given(case=shape.as_strategy(generation_mode=mode))
    def asked(case):
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    asked()


def test_description_has_every_operation():
    paths = document_of(OPERATIONS, BASE)["paths"].values()
    described = [shape["operationId"] for path in paths for shape in path.values()]
    assert sorted(described) == sorted(each.name for each in OPERATIONS)
