"""Looks and policies go into a back-up and come out of it, on either engine."""

from pathlib import Path

from test_look_states import WAYS, Scene

from balie import app
from balie.features.cobrowse import policies, policy
from balie.keep.backup import backup
from balie.keep.restore import restore
from balie.keep.verify import Wanted, verify
from core import Core
from keep.offices import contents, empty_place, forget


def test_a_back_up_holds_every_look_and_every_policy(core: Core, tmp_path: Path) -> None:
    sanne = core.access(core.cast.stroom, "sanne")
    wanted = policy.START | {"title": True}
    core.do(lambda w: policies.replace(w, sanne, core.cast.stroom.site.id, 0, "open", wanted))
    for way in WAYS.values():
        scene = Scene(core)
        for step in way:
            getattr(scene, step)()
    made = backup(core.settings.database, tmp_path / "made.balie").path
    for engine in ("sqlite", "postgres"):
        place = empty_place(engine, tmp_path)
        restore(made, place, app.MIGRATIONS, replace=False)
        found = contents(place)
        assert found == contents(core.settings.database)
        assert (len(found["look"]), len(found["looking_policy"])) == (len(WAYS), 1)
        assert verify(place, Wanted()).well
        forget(place)
