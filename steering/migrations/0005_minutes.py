
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from portal.core import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_people'),
        ('steering', '0004_decisions'),
    ]

    operations = [
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='revision')),
                ('state', models.CharField(choices=[('draft', 'Being written'), ('circulated', 'Going round for observations'), ('approved', 'Approved')], default='draft', editable=False, max_length=12, verbose_name='state')),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('members', 'Members of the network'), ('committee', 'Steering Committee')], default='committee', max_length=12, verbose_name='who may read it')),
                ('reason', models.TextField(blank=True, editable=False, verbose_name='why there is a new revision')),
                ('content', models.JSONField(editable=False, null=True, verbose_name='content')),
                ('sha256', models.CharField(blank=True, editable=False, max_length=64, verbose_name='SHA-256')),
                ('circulated_at', models.DateTimeField(editable=False, null=True, verbose_name='sent round')),
                ('objections_until', models.DateField(editable=False, null=True, verbose_name='observations until')),
                ('approved_at', models.DateTimeField(editable=False, null=True, verbose_name='approved')),
                ('approved_how', models.CharField(blank=True, choices=[('meeting', 'By a later meeting'), ('no_objection', 'Without objection')], editable=False, max_length=12, verbose_name='approved how')),
                ('approved_in', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='minutes_approved', to='steering.meeting', verbose_name='approved in')),
                ('meeting', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='steering.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'record of a meeting',
                'verbose_name_plural': 'records of meetings',
                'ordering': ['-meeting__starts_at', '-revision'],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=4000, verbose_name='observation')),
                ('state', models.CharField(choices=[('open', 'Waits for an answer'), ('accepted', 'Accepted'), ('rejected', 'Not accepted')], default='open', editable=False, max_length=10, verbose_name='state')),
                ('response', models.TextField(blank=True, editable=False, verbose_name='answer')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.agendaitem', verbose_name='agenda item')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='steering.minutes', verbose_name='record of a meeting')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='network.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'observation',
                'verbose_name_plural': 'observations',
                'ordering': ['made_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(editable=False, verbose_name='position')),
                ('text', models.TextField(blank=True, max_length=20000, verbose_name='what was said')),
                ('text_es', models.TextField(blank=True, max_length=20000, null=True, verbose_name='what was said')),
                ('text_en', models.TextField(blank=True, max_length=20000, null=True, verbose_name='what was said')),
                ('item', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.agendaitem', verbose_name='agenda item')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sections', to='steering.minutes', verbose_name='record of a meeting')),
            ],
            options={
                'verbose_name': 'text about an item',
                'verbose_name_plural': 'texts by item',
                'ordering': ['minutes', 'position'],
            },
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.UniqueConstraint(fields=('meeting', 'revision'), name='minutes_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved'), _negated=True), fields=('meeting',), name='minutes_one_in_the_making'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'approved'), _negated=True), models.Q(('approved_at__isnull', False), ('content__isnull', False), models.Q(('approved_how', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='minutes_approved_how'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_how', 'meeting'), _negated=True), models.Q(('approved_in__isnull', False), models.Q(('approved_in', models.F('meeting')), _negated=True)), _connector='OR'), name='minutes_approved_by_another_meeting'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(('revision', 1), models.Q(('reason', ''), _negated=True), _connector='OR'), name='minutes_revised_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('minutes', 'item'), name='section_once'),
        ),
        # On SQLite these go when a later migration makes the table anew: add them again at its end.
        triggers.refuse(
            "steering_minutes", "UPDATE", "DELETE", when="OLD.approved_at IS NOT NULL",
            sentence="Approved minutes are never changed: correct them by a new revision",
        ),
    ]
