import django.db.models.deletion
from django.db import migrations, models

import daysheet.kernel.ids
import daysheet.kernel.tenancy


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0005_kept_briefly'),
        ('practice', '0003_pin'),
        ('schedule', '0014_closing_messages'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldTime',
            fields=[
                ('id', models.UUIDField(default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('held_by', models.TextField()),
                ('page', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('practice', models.ForeignKey(db_index=False, default=daysheet.kernel.tenancy.acting_practice_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.practice')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.provider')),
            ],
            options={
                'db_table': 'held_time',
                'constraints': [models.UniqueConstraint(fields=('practice', 'user_id', 'page'), name='page_holds_one_time'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='held_time_lasts')],
            },
        ),
        migrations.CreateModel(
            name='TrayVisit',
            fields=[
                ('id', models.UUIDField(default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('user_id', models.UUIDField()),
                ('put_at', models.DateTimeField()),
                ('appointment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schedule.appointment')),
                ('practice', models.ForeignKey(db_index=False, default=daysheet.kernel.tenancy.acting_practice_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.practice')),
            ],
            options={
                'db_table': 'tray_visit',
                'constraints': [models.UniqueConstraint(fields=('practice', 'user_id', 'appointment'), name='visit_lies_in_a_tray_once')],
            },
        ),
    ]
