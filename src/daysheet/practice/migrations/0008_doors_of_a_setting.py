from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0007_bill_type"),
    ]

    operations = [
        migrations.AddField(
            model_name="addedsetting",
            name="made_doors",
            field=models.JSONField(default=list),
        ),
    ]
