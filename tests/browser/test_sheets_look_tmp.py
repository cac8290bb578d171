import io
from datetime import timedelta
import openpyxl, pytest
from django.utils import timezone
from tests.browser.test_report_journey import sign_in
from tests.factories.attendance import make_date, mark, person
from tests.factories.places import make_district, make_user, national
from events.services import certifying
from events.models import Certificate
from events.serials import serial_of

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_look(page, address, transactional_db, tmp_path):
    national()
    klaten = make_district("klaten")
    user = make_user("moderator", klaten)
    now = timezone.now()
    row = make_date(klaten, starts_at=now - timedelta(hours=3))
    mark(row, person("Siti Aminah", organisation_name="PKK Delanggu"), now=now)
    mark(row, person("Budi Santoso", sex="L"), "sakit", now=now)
    certifying.issue(event=row.event, actor=user, now=now)
    base = f"/ruang/kalender/{row.event_id}/{row.pk}/hadir/"
    book = openpyxl.Workbook()
    s = book.active
    for r in [
        ("nama", "l/p", "kelompok umur", "lembaga"),
        ("Siti Aminnah", "P", "25-59", "PKK"),
        ("Ani", "X", "muda", ""),
        ("Citra Dewi", "P", "34", "BPD"),
    ]:
        s.append(r)
    f = tmp_path / "a.xlsx"
    book.save(f)
    for size, name in (((360, 640), "s"), ((1280, 800), "l")):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if name == "s":
            sign_in(page, address, user, base + "impor/")
        host = page.url.split("/ruang")[0]
        page.goto(host + base + "impor/")
        page.screenshot(path=f"/tmp/look_{name}_impor.png", full_page=True)
        page.set_input_files("#file", str(f))
        page.click("form[enctype] button")
        page.screenshot(path=f"/tmp/look_{name}_rows.png", full_page=True)
        for path, n in (
            (base + "daftar/", "daftar"),
            (base + "kertas/", "kertas"),
            ("/ruang/orang/", "orang"),
            (f"/ruang/kalender/{row.event_id}/sertifikat/", "sert"),
            (f"/verifikasi/{serial_of(Certificate.objects.get())}/", "verif"),
            ("/ruang/perangkat/kirim/", "dev"),
        ):
            page.goto(host + path)
            print(n, page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
            page.screenshot(path=f"/tmp/look_{name}_{n}.png", full_page=True)
