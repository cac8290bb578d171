"""What this app adds to the workspace of members."""

from django.utils.translation import gettext_lazy as _

from districts.models import Role
from districts.workspace import Door, Room, register_door, register_room
from modules.views.access import TEACHES, may_teach

register_room(Room(20, "module_runs", _("My classes"), may_teach))
register_door(
    Door(
        20,
        frozenset({Role.GURU, Role.KADER, Role.MITRA, Role.KOORDINATOR}),
        "/ruang/kelas/mulai/",
        _("Teach a module"),
        _("Choose what and with whom; on phones, with one device or on paper."),
    )
)
register_door(
    Door(
        21,
        TEACHES,
        "/ruang/kelas/",
        _("My classes and groups"),
        _("Go on where you stopped, see results, and keep your groups."),
    )
)
