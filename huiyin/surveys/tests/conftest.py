import pytest


@pytest.fixture
def _company(db: None) -> None:
    from tests import cast  # models can be imported only once Django is set up

    cast.company()
