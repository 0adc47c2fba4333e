import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from portal.core import triggers


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='at')),
                ('verb', models.CharField(max_length=60, verbose_name='what')),
                ('about_type', models.CharField(max_length=60, verbose_name='kind of thing')),
                ('about_key', models.CharField(max_length=40)),
                ('about_name', models.CharField(max_length=200, verbose_name='about')),
                ('by_name', models.CharField(blank=True, max_length=200, verbose_name='by')),
                ('whom_name', models.CharField(blank=True, max_length=200, verbose_name='whom')),
                ('before', models.CharField(blank=True, max_length=60, verbose_name='before')),
                ('after', models.CharField(blank=True, max_length=60, verbose_name='after')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('whom', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='whom')),
            ],
            options={
                'verbose_name': 'entry of the record',
                'verbose_name_plural': 'record of changes',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['about_type', 'about_key'], name='audit_about')],
            },
        ),
        triggers.refuse("core_auditentry", "UPDATE", "DELETE", sentence="The record is never changed."),
    ]
