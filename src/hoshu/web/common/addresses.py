"""What a postal code stands for, as choices beside an address: for every door, and for visitors too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hoshu.japan import addresses
from hoshu.web.common.views import public


@require_GET
@public
def candidates(request: HttpRequest) -> HttpResponse:
    """`?postal_code=100-0001`, or by the name of a form's own input (`contact_postal_code`); nothing while it is typed.

    Public: the codes are Japan Post's, and no word of ours is among them.
    """
    typed = next((value for name, value in request.GET.items() if name.endswith("postal_code")), "")
    try:
        places = addresses.lookup(typed)
    except ValueError:
        return HttpResponse()
    return render(request, "common/addresses.html", {"places": places})
