"""Pages of a list that may be very long: rows beyond a bound are not counted, because counting reads them all."""

from functools import cached_property

from django.core.paginator import Paginator

BOUND = 1000


class BoundedPaginator(Paginator):
    """Like Django's, but counts no further than BOUND rows: whoever needs more narrows the list."""

    @cached_property
    def count(self) -> int:
        # Without the order: whoever sorts reads every row before the first is counted.
        return self.object_list.order_by().values("pk")[: BOUND + 1].count()

    @property
    def is_cut(self) -> bool:
        """Are there more rows than the pages lead to?"""
        return self.count > BOUND
