
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('steering', '0006_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Depends on 0005 until 0006_invitations is merged; then on that.
    operations = [
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.meeting')),
            ],
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('es', 'Spanish'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('text', models.TextField(blank=True, max_length=20000, verbose_name='notes')),
                ('version', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(null=True, verbose_name='written')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='steering.agendaitem', verbose_name='agenda item')),
            ],
            options={
                'verbose_name': 'notes on an item',
                'verbose_name_plural': 'notes on items',
                'ordering': ['item', 'language'],
                'constraints': [models.UniqueConstraint(fields=('item', 'language'), name='note_once_per_language')],
            },
        ),
    ]
