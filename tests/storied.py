"""An archive with a past, for what reads it: edits, a deletion, a redirect, unchanged pages, a page that a person saved."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from newsarchive.jobs.take_in import import_page
from newsarchive.workers import Workers
from outlet import SENTENCES, Answer, FakeOutlet
from workbench import START, Bench

BODY = "\n".join(SENTENCES)
SAVED = "https://jabal.example/saved"


def storied(db: Path) -> Bench:
    """Make the archive at `db`: five articles of two outlets, one of which knows no validators."""
    with Workers(2) as workers:
        bench = Bench(db, workers)
        wadi, jabal = bench.outlet("wadi"), bench.outlet("jabal")
        jabal.validators = False
        wadi.publish("/cotton", "عودة القطن إلى الخابور", body=BODY, at=START)
        wadi.publish("/bridge", "إغلاق جسر السياسية", body=BODY, at=START - timedelta(hours=1))
        wadi.publish(
            "/moved", "افتتاح سوق الهال", body=BODY, at=START - timedelta(hours=2), link=f"{wadi.base}/old"
        )
        wadi.answers["/old"] = Answer(status=301, headers=(("Location", "/moved"), ("Content-Length", "0")))
        jabal.publish("/library", "مكتبة جديدة في السويداء", body=BODY, at=START - timedelta(hours=3))
        bench.fetch()
        for change in (_edit, _retract, _nothing, _restore, _edit_again):
            change(wadi)
            bench.look()
            bench.wait(hours=6)
            bench.fetch(force=True)
        saved = db.with_name("saved.html")
        saved.write_bytes(_page(jabal))
        import_page(db, bench.config, saved, url=SAVED, at=START, now=bench.clock.now)
    return bench


def _edit(outlet: FakeOutlet) -> None:
    outlet.edit("/cotton", body=BODY.replace("أسبوعاً كاملاً", "ثلاثة أسابيع"))


def _edit_again(outlet: FakeOutlet) -> None:
    outlet.edit("/cotton", headline="القطن يعود إلى الخابور بعد سنوات")


def _retract(outlet: FakeOutlet) -> None:
    outlet.retract("/bridge")


def _restore(outlet: FakeOutlet) -> None:
    outlet.restore("/bridge")


def _nothing(_: FakeOutlet) -> None:
    return


def _page(outlet: FakeOutlet) -> bytes:
    """A page of the outlet that nobody was served."""
    outlet.publish("/saved", "نداء من أهالي صلخد", body=BODY, at=START)
    page = outlet.page("/saved").encode()
    outlet.retract("/saved")
    return page
