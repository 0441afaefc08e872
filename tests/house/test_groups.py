"""Tests that share an expensive company stay together: pytest-xdist once lost its groups without a word."""

import pytest


@pytest.mark.xdist_group("kept together")
def test_a_group_reaches_the_scheduler(request: pytest.FixtureRequest) -> None:
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("not run with --dist loadgroup")
    assert request.node.nodeid.endswith("@kept together")
