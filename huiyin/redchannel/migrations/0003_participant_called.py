from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('redchannel', '0002_decisions_stay'),
    ]

    operations = [
        migrations.AddField(
            model_name='participant',
            name='called_at',
            field=models.DateTimeField(null=True),
        ),
    ]
