"""The texts that a service designer works with: every edition and every draft, by one reference for all pages."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404

from hoshu import catalog
from hoshu.catalog import CatalogError, Edition, Source
from hoshu.publishing import drafts

_DRAFT = "draft"

Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class Text:
    """An edition or a draft. `ref` names it in addresses: `ix/2022-10`, `draft/12`."""

    ref: str
    label: str
    source: Source
    edition: Edition | None
    """None for a draft that cannot be read yet."""
    draft: Any = None

    @property
    def read(self) -> Edition:
        """The edition, of a text that has one."""
        assert self.edition is not None
        return self.edition


def find(ref: str) -> Text:
    """The text of a reference; 404 where there is none."""
    first, _, second = ref.partition("/")
    try:
        if first == _DRAFT:
            return of_draft(drafts.get(int(second) if second.isdecimal() else 0))
        edition = catalog.edition(first, second)
    except (KeyError, drafts.NotFound):
        raise Http404 from None
    return Text(ref, label(edition), catalog.source_of(first, second), edition)


def of_draft(draft: Any) -> Text:
    """A draft, read where it can be read."""
    source = drafts.source_of(draft)
    try:
        edition = catalog.read(source)
    except CatalogError:
        edition = None
    return Text(f"{_DRAFT}/{draft.pk}", f"下書き「{draft.title}」", source, edition, draft)


def label(edition: Edition) -> str:
    """ネットワーク保守ライセンス 2022-10版."""
    return f"{edition.name} {edition.edition}版"


def choices(*, readable: bool = False) -> Choices:
    """All texts for a select box, drafts last; only those that can be read where `readable`."""
    editions = [(f"{each.service}/{each.edition}", label(each)) for each in catalog.every_edition()]
    found = drafts.drafts().exclude(service="") if readable else drafts.drafts()
    begun = [(f"{_DRAFT}/{draft.pk}", draft.title) for draft in found]
    return [("版", editions), *([("下書き", begun)] if begun else [])]
