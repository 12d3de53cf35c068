"""A person sees the own memberships before a practice is chosen, and nobody else's."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE POLICY own_memberships ON membership FOR SELECT
                USING (user_id = nullif(current_setting('app.person', true), '')::uuid);
            """,
            "DROP POLICY own_memberships ON membership",
        ),
    ]
