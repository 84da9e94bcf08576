"""Every golden case is read as its expected outcome says."""

import pytest

from tests.golden.make import cases, expected, outcome


@pytest.mark.parametrize("name", cases())
def test_the_page_is_read_as_expected(name):
    assert outcome(name) == expected(name)
