import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('phones', '0006_of_end'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='tail',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Right('phone', 4), output_field=models.TextField()),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['practice', 'tail', 'began_at'], name='call_by_tail'),
        ),
    ]
