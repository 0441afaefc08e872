import pytest


@pytest.fixture(autouse=True)
def _company(db: None) -> None:
    from tests import cast  # models: not before Django is set up

    cast.company()
