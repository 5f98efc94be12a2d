import pytest

from web.auth import ForbiddenError
from web.router import ROUTES, dispatch


@pytest.mark.parametrize("route", [route for route in ROUTES if route[1].startswith("/admin")])
def test_admin_routes_are_for_administrators(route):
    with pytest.raises(ForbiddenError):
        dispatch(*route, {"name": "bob"}, {}, "ada")
