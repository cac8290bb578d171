import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import safeguards.creating
import safeguards.models.safety


class Migration(migrations.Migration):

    replaces = [('safeguards', '0001_initial'), ('safeguards', '0002_fact_dropped')]

    initial = True

    dependencies = [
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        safeguards.creating.CreateModels(
            operations=[
                migrations.CreateModel(
                    name='TickRun',
                    fields=[
                        ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                        ('started_at', models.DateTimeField(null=True)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('claimed_until', models.DateTimeField(null=True)),
                        ('failures', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Tombstone',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('erased_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='AuditEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                        ('verb', models.CharField(max_length=64, verbose_name='verb')),
                        ('actor_id', models.BigIntegerField(blank=True, null=True, verbose_name='actor')),
                        ('site_id', models.BigIntegerField(blank=True, null=True, verbose_name='site')),
                        ('object_type', models.CharField(blank=True, max_length=100, verbose_name='kind of object')),
                        ('object_id', models.CharField(blank=True, max_length=64, verbose_name='object')),
                        ('details', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                    ],
                    options={
                        'verbose_name': 'audit entry',
                        'verbose_name_plural': 'audit entries',
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['actor_id', 'at'], name='safeguards_audit_actor'), models.Index(fields=['object_type', 'object_id'], name='safeguards_audit_object')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Fact',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=64)),
                        ('key', models.UUIDField()),
                        ('state', models.CharField(choices=[('created', 'recorded'), ('quarantined', 'waiting for somebody to look at it'), ('dropped', 'put away by somebody who looked at it')], default='created', max_length=12)),
                        ('reason', models.CharField(blank=True, max_length=255)),
                        ('body_hash', models.CharField(max_length=64)),
                        ('body', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                        ('response', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                        ('client_time', models.DateTimeField(blank=True, null=True)),
                        ('server_time', models.DateTimeField(db_index=True)),
                        ('skew_seconds', models.BigIntegerField(blank=True, null=True)),
                        ('skewed', models.BooleanField(default=False)),
                        ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'site', 'key'), name='safeguards_fact_once')],
                    },
                ),
                migrations.CreateModel(
                    name='FactSubject',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(db_index=True, max_length=64)),
                        ('fact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='subjects', to='safeguards.fact')),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [models.UniqueConstraint(fields=('fact', 'digest'), name='safeguards_fact_subject')],
                    },
                ),
                migrations.CreateModel(
                    name='Generation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveBigIntegerField(default=1)),
                        ('reason', models.CharField(blank=True, max_length=100)),
                        ('changed_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='safeguards_one_generation')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='RateWindow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scope', models.CharField(max_length=64)),
                        ('key_digest', models.CharField(max_length=64)),
                        ('window_start', models.DateTimeField()),
                        ('expires_at', models.DateTimeField(db_index=True)),
                        ('count', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('scope', 'key_digest', 'window_start', 'expires_at'), name='safeguards_rate_window')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='SafetySettings',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('exit_url', models.URLField(default=safeguards.models.safety.default_exit_url, help_text='A harmless page of another site, such as the weather. Readers who leave in a hurry land there.', validators=[django.core.validators.URLValidator(schemes=['https'])], verbose_name='quick exit leads to')),
                        ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
                    ],
                    options={
                        'verbose_name': 'safety',
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
