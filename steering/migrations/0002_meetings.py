
import django.core.validators
import django.db.models.deletion
import steering.models.body
import steering.models.meeting
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('resources', '0005_pairs_and_findings'),
        ('steering', '0001_bodies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='year')),
                ('number', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='number')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('title_es', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('mode', models.CharField(choices=[('in_person', 'In person'), ('online', 'Online'), ('hybrid', 'In person and online'), ('correspondence', 'By correspondence')], default='online', max_length=20, verbose_name='how it is held')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('timezone', models.CharField(max_length=60, validators=[steering.models.body.validate_timezone], verbose_name='time zone')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('url', models.URLField(blank=True, help_text='Only those invited see it; it is never public.', verbose_name='address of the video meeting')),
                ('state', models.CharField(choices=[('draft', 'In preparation'), ('convened', 'Convened'), ('held', 'Held'), ('closed', 'Closed: its minutes are approved'), ('cancelled', 'Cancelled')], default='draft', editable=False, max_length=12, verbose_name='state')),
                ('uid', models.CharField(default=steering.models.meeting.new_uid, editable=False, max_length=120, unique=True)),
                ('sequence', models.PositiveIntegerField(default=0, editable=False, verbose_name='times changed')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='steering.body', verbose_name='body')),
            ],
            options={
                'verbose_name': 'meeting',
                'verbose_name_plural': 'meetings',
                'ordering': ['-starts_at'],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('kind', models.CharField(choices=[('information', 'For information'), ('discussion', 'For discussion'), ('decision', 'For decision'), ('approve_minutes', 'Approval of minutes'), ('admit_member', 'Admission of a member'), ('follow_up', 'Follow-up')], default='discussion', max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('title_es', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('title_en', models.CharField(max_length=300, null=True, verbose_name='title')),
                ('minutes', models.PositiveSmallIntegerField(default=15, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)], verbose_name='minutes')),
                ('presenter', models.CharField(blank=True, max_length=200, verbose_name='presented by')),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('members', 'Members of the network'), ('committee', 'Steering Committee')], default='committee', max_length=12, verbose_name='who may read it')),
                ('state', models.CharField(choices=[('planned', 'On the agenda'), ('treated', 'Treated'), ('deferred', 'Deferred to the next meeting')], default='planned', editable=False, max_length=12, verbose_name='state')),
                ('times_carried', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times carried over')),
                ('carried_from', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='steering.agendaitem', verbose_name='carried over from')),
                ('about', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='approval_items', to='steering.meeting', verbose_name='minutes of')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='steering.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'agenda item',
                'verbose_name_plural': 'agenda',
                'ordering': ['meeting', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paper_rows', to='steering.agendaitem', verbose_name='agenda item')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resources.resource', verbose_name='document')),
            ],
            options={
                'verbose_name': 'paper',
                'verbose_name_plural': 'papers',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='papers',
            field=models.ManyToManyField(blank=True, related_name='agenda_items', through='steering.Paper', to='resources.resource', verbose_name='papers'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('body', 'year', 'number'), name='meeting_number_once'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'cancelled']), ('number__isnull', False), _connector='OR'), name='meeting_convened_has_number'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='meeting_ends_after_it_begins', violation_error_message='The meeting ends before it begins.'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(fields=('item', 'resource'), name='paper_once'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'about'), name='item_approves_minutes_once'),
        ),
    ]
