from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coverage", "0011_plain_medicare_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="eligibilityresponse",
            name="way",
            field=models.TextField(
                blank=True,
                choices=[("phone", "By phone"), ("portal", "On the payer's portal")],
                db_default="",
                default="",
            ),
        ),
        migrations.AddField(
            model_name="eligibilityresponse",
            name="told_by",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="eligibilityresponse",
            name="reference",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
