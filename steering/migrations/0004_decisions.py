
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from portal.core import triggers

KEEPS_ITS_NUMBER = "OLD.number <> NEW.number OR OLD.meeting_id <> NEW.meeting_id OR OLD.code <> NEW.code"
SETTLED_WORDS = """OLD.state <> 'recorded' AND (
    COALESCE(OLD.text_es, '') <> COALESCE(NEW.text_es, '') OR COALESCE(OLD.text_en, '') <> COALESCE(NEW.text_en, '')
    OR OLD.text <> NEW.text OR OLD.method <> NEW.method OR OLD.dissent <> NEW.dissent
    OR OLD.visibility <> NEW.visibility OR OLD.item_id <> NEW.item_id OR NEW.state = 'recorded'
)"""


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_people'),
        ('resources', '0005_pairs_and_findings'),
        ('steering', '0003_attendance'),
    ]

    operations = [
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='number')),
                ('code', models.CharField(editable=False, max_length=40, verbose_name='number')),
                ('text', models.TextField(max_length=4000, verbose_name='what was decided')),
                ('text_es', models.TextField(max_length=4000, null=True, verbose_name='what was decided')),
                ('text_en', models.TextField(max_length=4000, null=True, verbose_name='what was decided')),
                ('method', models.CharField(choices=[('consensus', 'By consensus'), ('vote', 'By vote'), ('no_objection', 'Without objection')], default='consensus', max_length=12, verbose_name='how')),
                ('votes_for', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='votes for')),
                ('votes_against', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='votes against')),
                ('abstentions', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='abstentions')),
                ('dissent', models.TextField(blank=True, help_text='Who disagreed and why, if they ask for it.', verbose_name='dissent')),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('members', 'Members of the network'), ('committee', 'Steering Committee')], default='committee', max_length=12, verbose_name='who may read it')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='to be reviewed on')),
                ('state', models.CharField(choices=[('recorded', 'Recorded'), ('annulled', 'Annulled'), ('in_force', 'In force'), ('fulfilled', 'Fulfilled'), ('superseded', 'Superseded'), ('lapsed', 'Lapsed')], default='recorded', editable=False, max_length=12, verbose_name='state')),
                ('ad_referendum', models.BooleanField(default=False, editable=False, verbose_name='without a quorum (ad referendum)')),
                ('words', models.TextField(blank=True, editable=False)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='recorded')),
                ('confirmed_in', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='confirmed_decisions', to='steering.meeting', verbose_name='confirmed in')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='steering.agendaitem', verbose_name='agenda item')),
                ('meeting', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='steering.meeting', verbose_name='meeting')),
                ('supersedes', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='steering.decision', verbose_name='replaces')),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ['-meeting__starts_at', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ActionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False, verbose_name='number')),
                ('code', models.CharField(editable=False, max_length=40, verbose_name='number')),
                ('text', models.TextField(max_length=2000, verbose_name='what is to be done')),
                ('text_es', models.TextField(max_length=2000, null=True, verbose_name='what is to be done')),
                ('text_en', models.TextField(max_length=2000, null=True, verbose_name='what is to be done')),
                ('due', models.DateField(verbose_name='due')),
                ('state', models.CharField(choices=[('open', 'Pending'), ('in_progress', 'Under way'), ('done', 'Carried out'), ('cancelled', 'Cancelled')], default='open', editable=False, max_length=12, verbose_name='state')),
                ('evidence_url', models.URLField(blank=True, editable=False, verbose_name='address that shows it')),
                ('note', models.TextField(blank=True, editable=False, verbose_name='note')),
                ('done_on', models.DateField(editable=False, null=True, verbose_name='done on')),
                ('evidence', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resources.resource', verbose_name='document that shows it')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='steering.agendaitem', verbose_name='agenda item')),
                ('meeting', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='steering.meeting', verbose_name='meeting')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='network.organisation', verbose_name='organisation in charge')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='network.person', verbose_name='person in charge')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='action_items', to='steering.decision', verbose_name='follows from')),
            ],
            options={
                'verbose_name': 'action item',
                'verbose_name_plural': 'action items',
                'ordering': ['due', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='decision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'vote'), _negated=True), models.Q(('abstentions__isnull', False), ('votes_against__isnull', False), ('votes_for__isnull', False)), _connector='OR'), name='decision_vote_is_counted', violation_error_message='Give the votes for, against and the abstentions.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('ad_referendum', False), ('confirmed_in__isnull', False), ('state__in', ['recorded', 'annulled']), _connector='OR'), name='decision_in_force_had_a_quorum'),
        ),
        migrations.AddConstraint(
            model_name='actionitem',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='action_number_once'),
        ),
        migrations.AddConstraint(
            model_name='actionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done_on__isnull', False), ('evidence__isnull', False)), models.Q(models.Q(models.Q(('evidence_url', ''), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), ('done_on__isnull', False)), _connector='OR'), name='action_done_is_shown'),
        ),
        # On SQLite these go when a later migration makes one of the tables anew: add them again at its end.
        triggers.refuse("steering_decision", "DELETE", sentence="Decisions are never deleted"),
        triggers.refuse(
            "steering_decision", "UPDATE", when=f"{KEEPS_ITS_NUMBER} OR ({SETTLED_WORDS})",
            sentence="A decision keeps its number, and its words once it is settled",
        ),
        triggers.refuse("steering_actionitem", "DELETE", sentence="Action items are never deleted"),
        triggers.refuse(
            "steering_actionitem", "UPDATE", when=KEEPS_ITS_NUMBER, sentence="An action item keeps its number"
        ),
        triggers.refuse(
            "steering_meeting", "DELETE", when="OLD.number IS NOT NULL", sentence="A convened meeting is never deleted"
        ),
    ]
