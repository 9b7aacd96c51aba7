"""情報の消去・返却の証明書, for the staff and for the customer alike."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hoshu.contracts import Refused, destruction
from hoshu.flows import destruction as destroying
from hoshu.notifications import Refused as NotPrinted
from hoshu.notifications import queries as notifications


def given(request: HttpRequest, agreement: Any, *, back: str) -> HttpResponse:
    """The certificate as PDF, or back to the page `back` with what stands in its way (MM-TRM-02, VA-PRI-08)."""
    kept = destruction.of(agreement)
    try:
        if kept is None:
            raise Refused("破棄の記録がないため、証明書はまだありません。")
        letter = destroying.certificate(record_id=kept.pk, now=request.now)
    except (Refused, NotPrinted) as refused:
        messages.error(request, refused.message)
        return redirect(back, agreement.number)
    found = notifications.pdf(letter_id=letter.pk)
    return HttpResponse(found.content, headers=found.headers)
