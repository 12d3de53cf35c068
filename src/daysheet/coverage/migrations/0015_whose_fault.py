from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0014_copays_by_service"),
    ]

    operations = [
        migrations.AddField(
            model_name="injurycase",
            name="fault",
            field=models.TextField(
                blank=True,
                choices=[
                    ("", "As usual for such a case"),
                    ("no_fault", "No-fault insurance: it pays whoever caused it"),
                    ("nobody", "Nobody else answers for it, and no accident insurance pays"),
                ],
                default="",
            ),
        ),
        migrations.AddConstraint(
            model_name="injurycase",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("kind", "work"), _negated=True), ("fault", ""), _connector="OR"),
                name="work_injury_asks_for_no_fault",
            ),
        ),
    ]
