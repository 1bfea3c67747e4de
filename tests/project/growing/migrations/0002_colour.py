from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("csp", "0001_initial")]
    operations = [migrations.AddField("Thing", "colour", models.TextField(db_default="red"))]
