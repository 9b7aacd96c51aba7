"""Pages of a list that may be very long: rows beyond a bound are not counted, because counting reads them all."""

from functools import cached_property

from django.core.paginator import Page, Paginator

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

    def page(self, number: int | str) -> Page:
        """The rows of a page. Which ones is asked within: other tables are joined to fifty rows, not to all."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.object_list.values("pk")[first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)
