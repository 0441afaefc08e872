"""Which service centre answers for a complaint (归口): the nearest one to where it was received (A18, A46)."""

from django.core.exceptions import ImproperlyConfigured

from huiyin.lib import statements
from huiyin.org.actors import Actor
from huiyin.org.models import Unit

_CENTRE = Unit.Kind.SERVICE_CENTRE
# the active centres, and the units that they lead
_CENTRES = """id IN (
    SELECT unnest(ARRAY[id, parent_id]) FROM org_unit WHERE kind = %s AND is_active
) ORDER BY id"""


class Owners:
    """Looks units up once for a whole batch: all active service centres, in one query."""

    def __init__(self) -> None:
        units: dict[int, Unit] = {unit.pk: unit for unit in statements.fetch(Unit, _CENTRES, [str(_CENTRE)])}
        centres = [unit for unit in units.values() if unit.kind == _CENTRE and unit.is_active]
        for centre in centres:
            centre.parent = units.get(centre.parent_id) if centre.parent_id else None
        # the deepest level first, so that a branch's own centre comes before the headquarters'
        self._centres = sorted(centres, key=lambda unit: -unit.depth)
        if not self._centres:
            raise ImproperlyConfigured("no active service centre: run `huiyin defaults`")

    def of(self, received: Unit | None, actor: Actor) -> Unit:
        """The centre that leads the level where it came in; for one from outside, the highest centre."""
        place = received or (actor.member.unit if actor.member is not None else None)
        if place is not None:
            for centre in self._centres:
                if centre.parent is not None and centre.parent.contains(place):
                    return centre
        return self._centres[-1]
