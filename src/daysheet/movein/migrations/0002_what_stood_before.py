from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('movein', '0001_files_of_the_old_system'),
    ]

    operations = [
        migrations.AddField(
            model_name='oldrow',
            name='before',
            field=models.JSONField(default=dict),
        ),
    ]
