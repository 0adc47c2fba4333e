
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import steering.models.body
import steering.models.seat
from django.db import migrations, models

from portal.core import triggers

# "Designations lie within their term": the end only where somebody ended the term, for a term past its last day goes on.
OUTSIDE_ITS_TERM = """EXISTS (
    SELECT 1 FROM steering_seatterm AS term WHERE term.id = NEW.term_id AND (
        NEW.since < term.since OR (term.ended_on IS NOT NULL AND (NEW.until IS NULL OR NEW.until > term.ended_on))
    )
)"""
LAST_DAY = "COALESCE({row}ended_on, {row}until)"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('network', '0004_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='Body',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('name_es', models.CharField(max_length=150, null=True, verbose_name='name')),
                ('name_en', models.CharField(max_length=150, null=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('committee', 'Steering Committee'), ('coordination', 'Technical Coordination'), ('group', 'Working group')], default='group', max_length=20, verbose_name='kind')),
                ('prefix', models.CharField(blank=True, help_text='Empty for the Steering Committee: 2026-03/D4. With CT: CT-2026-03/D4.', max_length=6, unique=True, validators=[django.core.validators.RegexValidator('^[A-Z]*$', 'Capital letters only.')], verbose_name='prefix of its numbers')),
                ('timezone', models.CharField(default='America/Costa_Rica', max_length=60, validators=[steering.models.body.validate_timezone], verbose_name='time zone of its meetings')),
                ('quorum_numerator', models.PositiveSmallIntegerField(default=1, verbose_name='quorum: share of the filled voting seats')),
                ('quorum_denominator', models.PositiveSmallIntegerField(default=2, verbose_name='out of')),
                ('quorum_exceeded', models.BooleanField(default=True, help_text='Ticked: half plus one. Not ticked: half is enough.', verbose_name='more than that share')),
                ('min_sectors', models.PositiveSmallIntegerField(default=0, verbose_name='sectors that must be present')),
                ('min_countries', models.PositiveSmallIntegerField(default=0, verbose_name='countries that must be present')),
                ('alternates_allowed', models.BooleanField(default=True, verbose_name='alternates may stand in')),
                ('term_months', models.PositiveSmallIntegerField(default=24, verbose_name='length of a term in months')),
                ('presidency_months', models.PositiveSmallIntegerField(default=12, verbose_name='length of a presidency in months')),
                ('majority', models.CharField(choices=[('simple', 'More votes for than against'), ('absolute', 'More than half of the seats present'), ('two_thirds', 'Two thirds of the votes for or against')], default='simple', max_length=12, verbose_name='majority in a vote')),
                ('objection_days', models.PositiveSmallIntegerField(default=10, help_text='After these days without an objection minutes may be approved. 0: only a later meeting approves.', verbose_name='days for objections to minutes')),
                ('closed_on', models.DateField(blank=True, help_text='Empty while it is active.', null=True, verbose_name='closed on')),
            ],
            options={
                'verbose_name': 'body',
                'verbose_name_plural': 'bodies',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('quorum_denominator__gte', 1), ('quorum_numerator__lte', models.F('quorum_denominator'))), name='body_quorum_is_a_share', violation_error_message='The quorum is a share of the seats, such as 1 out of 2.'), models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True), ('kind', 'committee')), fields=('kind',), name='body_one_committee', violation_error_message='There is a Steering Committee already.')],
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=150, verbose_name='name of the seat')),
                ('label_es', models.CharField(max_length=150, null=True, verbose_name='name of the seat')),
                ('label_en', models.CharField(max_length=150, null=True, verbose_name='name of the seat')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position in lists')),
                ('voting', models.BooleanField(default=True, verbose_name='has a vote')),
                ('requirement', models.TextField(blank=True, verbose_name='what its holder must fulfil')),
                ('requirement_es', models.TextField(blank=True, null=True, verbose_name='what its holder must fulfil')),
                ('requirement_en', models.TextField(blank=True, null=True, verbose_name='what its holder must fulfil')),
                ('rotation', models.PositiveSmallIntegerField(blank=True, help_text='Empty: takes no part in it.', null=True, verbose_name='place in the rotation of the presidency')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='since')),
                ('until', models.DateField(blank=True, help_text='Last day; empty while it is open.', null=True, verbose_name='until')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='steering.body', verbose_name='body')),
                ('country', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.country', verbose_name='country it stands for')),
                ('organisation', models.ForeignKey(blank=True, help_text='Only where one organisation holds the seat by right.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.organisation', verbose_name='reserved for')),
                ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='network.sector', verbose_name='sector it stands for')),
            ],
            options={
                'verbose_name': 'seat',
                'verbose_name_plural': 'seats',
                'ordering': ['body', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SeatTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='since')),
                ('until', models.DateField(blank=True, help_text='Last day of the term; empty for a seat held without end.', null=True, verbose_name='until')),
                ('basis', models.CharField(blank=True, help_text='Number of the decision, or what else it rests on.', max_length=200, verbose_name='rests on')),
                ('ended_on', models.DateField(editable=False, null=True, verbose_name='ended on')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seat_terms', to='network.organisation', verbose_name='organisation')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='steering.seat', verbose_name='seat')),
            ],
            options={
                'verbose_name': 'term in a seat',
                'verbose_name_plural': 'terms in seats',
                'ordering': ['seat', '-since'],
            },
        ),
        migrations.CreateModel(
            name='Designation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField(default=0, help_text='0: the titular. 1, 2, …: alternates in the order they stand in.', verbose_name='order')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='since')),
                ('until', models.DateField(blank=True, help_text='Empty: as long as the term lasts.', null=True, verbose_name='until')),
                ('letter', models.FileField(blank=True, upload_to=steering.models.seat.letter_name, verbose_name='letter of accreditation')),
                ('letter_file', models.CharField(blank=True, editable=False, max_length=150)),
                ('accredited_on', models.DateField(editable=False, null=True, verbose_name='accredited on')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='network.person', verbose_name='person')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='designations', to='steering.seatterm', verbose_name='term in a seat')),
            ],
            options={
                'verbose_name': 'designation',
                'verbose_name_plural': 'designations',
                'ordering': ['term', 'order', '-since'],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=30)),
                ('value', models.PositiveIntegerField(default=0)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='steering.body')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('body', 'series'), name='counter_once')],
            },
        ),
        migrations.CreateModel(
            name='Office',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('presidency', 'Presidency pro tempore'), ('vice', 'Vice-presidency'), ('secretariat', 'Secretariat')], max_length=20, verbose_name='office')),
                ('since', models.DateField(default=django.utils.timezone.localdate, verbose_name='since')),
                ('until', models.DateField(blank=True, help_text='Last day; empty while it is open.', null=True, verbose_name='until')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='steering.body', verbose_name='body')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='network.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offices', to='network.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'office',
                'verbose_name_plural': 'offices',
                'ordering': ['body', 'kind', '-since'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='office_ends_after_it_begins', violation_error_message="The last day can't lie before the first.")],
            },
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='seat_ends_after_it_begins', violation_error_message="The last day can't lie before the first."),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', True), models.Q(('country__isnull', True), ('sector__isnull', True)), _connector='OR'), name='seat_of_one_or_of_a_sector', violation_error_message='A seat is either reserved for an organisation or stands for a sector.'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('body', 'rotation'), name='seat_rotation_once', violation_error_message='Another seat has this place in the rotation.'),
        ),
        migrations.AddConstraint(
            model_name='seatterm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('since')), _connector='OR')), name='term_ends_after_it_begins', violation_error_message="The last day can't lie before the first."),
        ),
        migrations.AddConstraint(
            model_name='designation',
            constraint=models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='designation_ends_after_it_begins', violation_error_message="The last day can't lie before the first."),
        ),
        triggers.exclude_overlaps(
            "term_no_overlap", "steering_seatterm", same=["seat_id"], until=LAST_DAY,
            sentence="Terms in one seat never overlap",
        ),
        triggers.exclude_overlaps(
            "designation_no_overlap", "steering_designation", same=["term_id", "order"],
            sentence="One person at a time for each place",
        ),
        triggers.refuse_if(
            "designation_outside", "steering_designation", condition=OUTSIDE_ITS_TERM,
            sentence="Designations lie within their term",
        ),
        *(
            triggers.exclude_overlaps(
                f"office_no_overlap_{kind}", "steering_office", same=["body_id"], where="{row}kind = '" + kind + "'",
                sentence="An office is held by one at a time",
            )
            for kind in ("presidency", "vice", "secretariat")
        ),
        triggers.refuse("steering_counter", "DELETE", sentence="Numbers are never used again"),
        triggers.refuse(
            "steering_counter", "UPDATE", when="NEW.value <> OLD.value + 1", sentence="Numbers leave no gap"
        ),
    ]
