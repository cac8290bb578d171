import django.db.models.deletion
from django.db import migrations, models


def doubt(apps, schema_editor):
    """Which of the mails given up so far may have arrived was not written down: perhaps each."""
    apps.get_model("events", "Reminder").objects.filter(state="gagal").update(in_doubt=True)


class Migration(migrations.Migration):
    dependencies = [
        ("districts", "0010_commitment_history"),
        ("events", "0006_certificates"),
    ]

    operations = [
        migrations.AddField(
            model_name="reminder",
            name="in_doubt",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="what",
            field=models.CharField(
                choices=[
                    ("sebelum", "the session is near"),
                    ("dipindah", "the date was moved"),
                    ("dibatalkan", "the session was cancelled"),
                    ("naik", "a place became free"),
                    ("terdaftar", "the registration was received"),
                    ("dilepas", "the office cancelled the registration"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="FeedRewrite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("named", models.CharField(max_length=80)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("last_event", models.BigIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="districts.district",
                    ),
                ),
            ],
            options={
                "verbose_name": "rewriting of feeds",
                "verbose_name_plural": "rewritings of feeds",
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("district", "kind", "named"), name="feed_rewrite_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total"))),
                        name="feed_rewrite_within",
                    ),
                ],
            },
        ),
        migrations.RunPython(doubt, migrations.RunPython.noop),
    ]
