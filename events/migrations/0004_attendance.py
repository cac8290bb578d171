import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('districts', '0010_commitment_history'),
        ('events', '0003_running_dates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='calendarsettings',
            name='closed_until',
            field=models.DateField(blank=True, null=True, verbose_name='attendance is closed up to this day'),
        ),
        migrations.AddField(
            model_name='calendarsettings',
            name='corrects_days',
            field=models.PositiveSmallIntegerField(default=30, verbose_name='days after a session on which its attendance is closed'),
        ),
        migrations.AddField(
            model_name='calendarsettings',
            name='names_minors',
            field=models.BooleanField(default=False, verbose_name="children may be written down by name where a guardian's consent is recorded"),
        ),
        migrations.AddField(
            model_name='calendarsettings',
            name='person_days',
            field=models.PositiveSmallIntegerField(default=365, verbose_name='days after their last session on which people are forgotten'),
        ),
        migrations.CreateModel(
            name='CheckInDoor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('salt', models.CharField(max_length=43)),
                ('opens_before', models.PositiveSmallIntegerField(default=60, verbose_name='opens so many minutes before')),
                ('closes_after', models.PositiveSmallIntegerField(default=60, verbose_name='closes so many minutes after')),
                ('allows_static', models.BooleanField(default=False, verbose_name='also a code on paper')),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('occurrence', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='door', to='events.occurrence')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'check-in door',
                'verbose_name_plural': 'check-in doors',
                'ordering': ['occurrence'],
            },
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=60, verbose_name='what you call it')),
                ('token_digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('events', models.ManyToManyField(blank=True, related_name='+', to='events.event')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'device',
                'verbose_name_plural': 'devices',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('folded', models.CharField(blank=True, max_length=120)),
                ('sex', models.CharField(choices=[('P', 'Female'), ('L', 'Male')], max_length=1, verbose_name='sex')),
                ('age_group', models.CharField(max_length=10, verbose_name='age group')),
                ('organisation_name', models.CharField(blank=True, max_length=160, verbose_name='organisation')),
                ('position', models.CharField(blank=True, max_length=80, verbose_name='function')),
                ('phone', models.CharField(blank=True, max_length=16, verbose_name='telephone')),
                ('disability', models.BooleanField(blank=True, null=True, verbose_name='has a disability')),
                ('is_minor', models.BooleanField(default=False)),
                ('consent', models.CharField(blank=True, max_length=80, verbose_name="where the guardian's consent lies")),
                ('told_at', models.DateTimeField()),
                ('told_key', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('keep_until', models.DateField()),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='events.participant')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='districts.organisation')),
                ('region', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.region', verbose_name='village or kecamatan')),
            ],
            options={
                'verbose_name': 'person who came',
                'verbose_name_plural': 'persons who came',
                'ordering': ['folded', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('hadir', 'Present'), ('terlambat', 'Late'), ('izin', 'Excused'), ('sakit', 'Ill'), ('tidak_hadir', 'Absent'), ('batal', 'Taken back')], max_length=12, verbose_name='status')),
                ('way', models.CharField(choices=[('panggil', 'Roll call'), ('mandiri', 'Self check-in'), ('pindai', 'Scanned by staff'), ('impor', 'Imported sheet'), ('kertas', 'Paper list')], max_length=8, verbose_name='how')),
                ('rank', models.PositiveSmallIntegerField()),
                ('told_at', models.DateTimeField()),
                ('key', models.UUIDField()),
                ('client_time', models.DateTimeField(blank=True, null=True)),
                ('server_time', models.DateTimeField()),
                ('skewed', models.BooleanField(default=False)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='events.occurrence')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendance', to='events.participant')),
            ],
            options={
                'verbose_name': 'attendance',
                'verbose_name_plural': 'attendances',
                'ordering': ['told_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Headcount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sex', models.CharField(choices=[('P', 'Female'), ('L', 'Male')], max_length=1, verbose_name='sex')),
                ('age_group', models.CharField(blank=True, max_length=10, verbose_name='age group')),
                ('with_disability', models.BooleanField(default=False, verbose_name='with a disability')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('told_at', models.DateTimeField()),
                ('key', models.UUIDField()),
                ('client_time', models.DateTimeField(blank=True, null=True)),
                ('server_time', models.DateTimeField()),
                ('skewed', models.BooleanField(default=False)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='headcounts', to='events.occurrence')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'headcount',
                'verbose_name_plural': 'headcounts',
                'ordering': ['age_group', 'sex', 'with_disability'],
                'constraints': [models.UniqueConstraint(fields=('occurrence', 'sex', 'age_group', 'with_disability'), name='headcount_once_a_cell'), models.CheckConstraint(condition=models.Q(('number__lte', 9999)), name='headcount_not_endless')],
            },
        ),
        migrations.CreateModel(
            name='OrganisationAttendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=160, verbose_name='organisation')),
                ('came', models.BooleanField(null=True, verbose_name='came')),
                ('represented_by', models.CharField(blank=True, help_text='A function, not a name.', max_length=80, verbose_name='who came: an office or role')),
                ('people', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='how many came')),
                ('told_at', models.DateTimeField()),
                ('key', models.UUIDField()),
                ('client_time', models.DateTimeField(blank=True, null=True)),
                ('server_time', models.DateTimeField()),
                ('skewed', models.BooleanField(default=False)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='districts.district')),
                ('invited', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.invitedorganisation')),
                ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='organisation_attendance', to='events.occurrence')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='districts.organisation')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'attendance of an organisation',
                'verbose_name_plural': 'attendances of organisations',
                'ordering': ['label', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('occurrence', 'label'), name='organisation_attendance_once')],
            },
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['district', 'folded'], name='person_by_name'),
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='person_by_phone'),
        ),
        migrations.AddIndex(
            model_name='participant',
            index=models.Index(fields=['keep_until'], name='person_kept'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(fields=('district', 'key'), name='person_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('is_minor', False), ('name', ''), models.Q(('consent', ''), _negated=True), _connector='OR'), name='person_minor_needs_consent'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(fields=('occurrence', 'participant'), name='attendance_once'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['hadir', 'terlambat', 'izin', 'sakit', 'tidak_hadir', 'batal'])), name='attendance_status_known'),
        ),
    ]
