import daysheet.kernel.ids
import daysheet.kernel.tenancy
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0005_kept_briefly'),
        ('mailroom', '0005_portal_links'),
        ('schedule', '0019_set_days_stand_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='OfferSending',
            fields=[
                ('id', models.UUIDField(default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('mode', models.TextField(choices=[('off', 'not at all: the desk calls'), ('press', 'when the desk presses Ask'), ('itself', 'by themselves, batch after batch')], default='off')),
                ('interval_minutes', models.PositiveSmallIntegerField(default=30)),
                ('from_clock', models.TimeField()),
                ('to_clock', models.TimeField()),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('practice', models.ForeignKey(db_index=False, default=daysheet.kernel.tenancy.acting_practice_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.practice')),
            ],
            options={
                'db_table': 'offer_sending',
                'constraints': [models.UniqueConstraint(fields=('practice',), name='offer_sending_is_one_for_an_office'), models.CheckConstraint(condition=models.Q(('to_clock__gt', models.F('from_clock'))), name='offer_sending_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='OfferMessage',
            fields=[
                ('id', models.UUIDField(default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('channel', models.TextField()),
                ('address', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('misses', models.PositiveSmallIntegerField(default=0)),
                ('asks_call_at', models.DateTimeField(blank=True, null=True)),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mailroom.envelope')),
                ('link', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='mailroom.portallink')),
                ('offer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='message', to='schedule.slotoffer')),
                ('practice', models.ForeignKey(db_index=False, default=daysheet.kernel.tenancy.acting_practice_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kernel.practice')),
            ],
            options={
                'db_table': 'offer_message',
                'indexes': [models.Index(fields=['practice', 'channel', 'address', 'made_at'], name='offer_message_by_address')],
            },
        ),
    ]
