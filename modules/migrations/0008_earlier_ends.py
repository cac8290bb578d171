"""Runs that were opened again before: what was shown of them stays, what was hidden waits.

Of submissions, whose times are known, the late ones beyond full fives come out once with this.
"""

from django.db import migrations

GROUP = 5


def write_down(apps, schema_editor):
    sheets = apps.get_model("modules", "SurveyAnswer").objects
    runs = apps.get_model("modules", "ClassRun").objects
    for run in runs.filter(first_ended_at__isnull=False, earlier_ends=[]):
        run.earlier_ends = [run.first_ended_at.isoformat()]
        run.save(update_fields=["earlier_ends"])
        late = list(sheets.filter(run=run).order_by("pk").values_list("pk", flat=True))
        late = late[run.sheets_then :]
        hidden = late[len(late) // GROUP * GROUP :]
        sheets.filter(pk__in=hidden).update(sitting=1)


class Migration(migrations.Migration):
    dependencies = [("modules", "0007_sittings")]
    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
