"""What a payer said of a claim is kept beside what a person posted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_order_of_events_and_reversals")]

    operations = [
        migrations.AddField(
            model_name="remittedclaim",
            name="as_said",
            field=models.JSONField(default=dict),
        ),
    ]
