import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

# Of Wagtail's tree: four signs a level, and the root of an office's tree is the second.
ROOT = 8


def carry_signatures_over(apps, schema_editor):
    """What a page itself said of its reviewer becomes the first entry of its office.

    Which words were read is not known, so it counts as long as the module's version is the same.
    """
    SignOff = apps.get_model("modules", "SignOff")
    District = apps.get_model("districts", "District")
    Page = apps.get_model("wagtailcore", "Page")
    offices = dict(District.objects.values_list("site__root_page__translation_key", "pk"))
    roots = dict(Page.objects.filter(depth=2).values_list("path", "translation_key"))
    signed = apps.get_model("modules", "ModulePage").objects.filter(
        alias_of__isnull=True, reviewed_on__isnull=False
    ).exclude(reviewer="")
    for page in signed.select_related("locale"):
        office = offices.get(roots.get(page.path[:ROOT]))
        if office is not None:
            SignOff.objects.create(
                district_id=office,
                entry=uuid.uuid4(),
                module_key=page.translation_key,
                language=page.locale.language_code,
                number=1,
                verdict="setuju",
                key=uuid.uuid4(),
                signed_name=page.reviewer,
                day=page.reviewed_on,
                version=page.version,
                recorded_at=timezone.now(),
            )


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0010_commitment_history'),
        ('modules', '0003_module_licence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry', models.UUIDField(help_text='of the form, so that sent twice is once', unique=True)),
                ('module_key', models.UUIDField()),
                ('language', models.CharField(max_length=20)),
                ('number', models.PositiveIntegerField()),
                ('verdict', models.CharField(choices=[('setuju', 'May be used'), ('keberatan', 'May not be used here'), ('dicabut', 'Our entry is taken back')], max_length=10, verbose_name='judgement')),
                ('key', models.UUIDField(help_text='of the specialist, for export and erasure')),
                ('signed_name', models.CharField(blank=True, max_length=160, verbose_name='name')),
                ('signed_office', models.CharField(blank=True, max_length=160, verbose_name='office')),
                ('signed_role', models.CharField(blank=True, max_length=120, verbose_name='field of work')),
                ('day', models.DateField(verbose_name='day')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('text_digest', models.CharField(blank=True, max_length=64)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('recorded_at', models.DateTimeField()),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review by a specialist',
                'verbose_name_plural': 'reviews by specialists',
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('district', 'module_key', 'language', 'number'), name='sign_off_number_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='sign_off_number_from_one')],
            },
        ),
        migrations.RunPython(carry_signatures_over, migrations.RunPython.noop),
    ]
