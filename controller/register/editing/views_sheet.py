"""What the list shows, as a file."""

from itertools import chain

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.http import require_safe

from controller.fleet.csv_out import BYTE_ORDER_MARK
from controller.fleet.views import sites_asked
from controller.people.access import needs
from controller.people.actor import actor_of, school_of
from controller.people.roles import Ability
from controller.register.editing.queries import queries
from inventory.assets.queries import read


@require_safe
@needs(Ability.SEE_COMPUTERS)
def sheet(request: HttpRequest) -> StreamingHttpResponse:
    """All that the search finds, not only one page of it; an import reads it again."""
    school, asked = school_of(request), read(request.GET.dict())
    timezone = school.timezone if school else "Europe/London"
    lines = queries(actor_of(request)).sheet(sites_asked(request), asked, timezone)
    response = StreamingHttpResponse(
        chain([BYTE_ORDER_MARK], lines), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="register.csv"'
    return response
