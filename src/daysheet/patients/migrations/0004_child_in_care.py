import daysheet.kernel.ids
import daysheet.kernel.tenancy
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0005_kept_briefly'),
        ('patients', '0003_alerts_and_people'),
    ]

    operations = [
        migrations.AddField(
            model_name='patient',
            name='is_in_care',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='ChildInCare',
            fields=[
                ('id', models.UUIDField(default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('agency', models.TextField()),
                ('agency_phone', models.TextField(blank=True, default='')),
                ('worker', models.TextField(blank=True, default='')),
                ('worker_phone', models.TextField(blank=True, default='')),
                ('worker_until_on', models.DateField(blank=True, null=True)),
                ('routine', models.TextField(default='ask')),
                ('more', models.TextField(default='ask')),
                ('owes', models.TextField(default='ask')),
                ('hear', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('parents_rights', models.TextField(default='ask')),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(blank=True, null=True)),
                ('ordered_on', models.DateField(blank=True, null=True)),
                ('paper', models.TextField(blank=True, default='')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.TextField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_by', models.TextField(blank=True, default='')),
                ('ended_because', models.TextField(blank=True, default='')),
                ('foster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='fosterings', to='patients.patientcontact')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cares', to='patients.patient')),
                ('practice', models.ForeignKey(db_index=False, default=daysheet.kernel.tenancy.acting_practice_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.practice')),
            ],
            options={
                'db_table': 'child_in_care',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('practice', 'patient'), name='child_in_care_has_one_word'), models.CheckConstraint(condition=models.Q(('owes__in', ('medicaid', 'agency', 'parents', 'ask'))), name='child_in_care_never_lets_who_fosters_owe')],
            },
        ),
    ]
