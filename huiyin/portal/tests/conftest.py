import pytest
from pytest_django.fixtures import Settings


@pytest.fixture
def _company(db: None, settings: Settings) -> None:
    from tests import cast  # models can be imported only once Django is set up

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in here
    cast.company()
