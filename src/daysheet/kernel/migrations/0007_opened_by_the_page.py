"""A practice says that the founding page opened it: an insurer is played, and closes the page all the same."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_words_of_a_trade")]

    operations = [
        migrations.AddField("practice", "is_own", models.BooleanField(default=False)),
    ]
