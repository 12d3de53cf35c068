from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("charges", "0008_what_a_dental_line_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="feeitem",
            name="revenue_prices",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
