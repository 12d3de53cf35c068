from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('phones', '0005_back_to'),
    ]

    operations = [
        migrations.AddField(
            model_name='callstep',
            name='of_end',
            field=models.BooleanField(default=False),
        ),
    ]
