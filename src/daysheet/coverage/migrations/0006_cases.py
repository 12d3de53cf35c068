import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import daysheet.coverage.models
import daysheet.kernel.ids
import daysheet.kernel.tenancy

ID = models.UUIDField(default=daysheet.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)
PRACTICE = models.ForeignKey(
    db_index=False,
    default=daysheet.kernel.tenancy.acting_practice_id,
    editable=False,
    on_delete=django.db.models.deletion.PROTECT,
    related_name='+',
    to='kernel.practice',
)


class Migration(migrations.Migration):

    dependencies = [
        ('coverage', '0005_authorizations'),
        ('kernel', '0005_kept_briefly'),
        ('patients', '0002_only_grows'),
    ]

    operations = [
        migrations.CreateModel(
            name='InjuryCase',
            fields=[
                ('id', ID.clone()),
                ('kind', models.TextField(choices=[('work', 'Work injury'), ('auto', 'Car accident'), ('liability', 'Liability case')])),
                ('happened_on', models.DateField()),
                ('state', models.TextField(blank=True, default='')),
                ('body_part', models.TextField()),
                ('employer', models.TextField(blank=True, default='')),
                ('holder', models.TextField(blank=True, default='')),
                ('claim_number', models.TextField(blank=True, default='')),
                ('policy_number', models.TextField(blank=True, default='')),
                ('adjuster_name', models.TextField(blank=True, default='')),
                ('adjuster_phone', models.TextField(blank=True, default='')),
                ('attorney_name', models.TextField(blank=True, default='')),
                ('attorney_phone', models.TextField(blank=True, default='')),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('close_reason', models.TextField(blank=True, default='')),
                ('note', models.TextField(blank=True, default='')),
                ('entered_in_error_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='injury_cases', to='patients.patient')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='coverage.payer')),
                ('practice', PRACTICE.clone()),
            ],
            options={
                'db_table': 'injury_case',
                'indexes': [models.Index(fields=['practice', 'patient', 'happened_on'], name='injury_case_by_patient')],
                'constraints': [
                    models.CheckConstraint(condition=Q(closed_on__isnull=True) | Q(closed_on__gt=models.F('happened_on')), name='injury_case_closes_after_the_accident'),
                    models.CheckConstraint(condition=~Q(kind='auto') | ~Q(state=''), name='car_accident_names_its_state'),
                    models.UniqueConstraint(condition=Q(entered_in_error_at__isnull=True) & ~Q(claim_number=''), fields=('practice', 'patient', 'payer', 'claim_number'), name='injury_case_number_is_entered_once'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CaseAppointment',
            fields=[
                ('id', ID.clone()),
                ('appointment_id', models.UUIDField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='coverage.injurycase')),
                ('practice', PRACTICE.clone()),
            ],
            options={
                'db_table': 'case_appointment',
                'constraints': [models.UniqueConstraint(fields=('practice', 'appointment_id'), name='appointment_is_under_one_case')],
            },
        ),
        migrations.RemoveConstraint(model_name='coverage', name='coverage_rank_is_held_once'),
        migrations.AddField(
            model_name='coverage',
            name='case',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coverage', to='coverage.injurycase'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=Q(entered_in_error_at__isnull=True, rank__gt=0), expressions=[('practice', '='), ('patient', '='), ('rank', '='), (daysheet.coverage.models.DateSpan('starts_on', 'ends_on', django.contrib.postgres.fields.ranges.RangeBoundary()), '&&')], name='coverage_rank_is_held_once'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=models.CheckConstraint(condition=Q(case__isnull=True, rank__gt=0) | Q(case__isnull=False, rank=0), name='coverage_of_a_case_is_no_health_plan'),
        ),
    ]
