"""An estimate expects a service of the clinician and one of the facility under the same code."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("charges", "0009_prices_by_revenue_code")]

    operations = [
        migrations.AddField(
            model_name="estimateline",
            name="revenue_code",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.RemoveConstraint(model_name="estimateline", name="estimate_line_stands_once"),
        migrations.AddConstraint(
            model_name="estimateline",
            constraint=models.UniqueConstraint(
                fields=("practice", "estimate", "code", "revenue_code"), name="estimate_line_stands_once"
            ),
        ),
    ]
