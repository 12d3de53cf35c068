from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_scans_wait_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='accepted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='accepted_by',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
    ]
