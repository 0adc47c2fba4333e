
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0004_people'),
        ('steering', '0002_meetings'),
    ]

    operations = [
        migrations.AddField(
            model_name='meeting',
            name='list_closed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='attendance list closed'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='quorum_snapshot',
            field=models.JSONField(editable=False, null=True, verbose_name='quorum'),
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(editable=False, max_length=250, verbose_name='name')),
                ('organisation_name', models.CharField(editable=False, max_length=250, verbose_name='organisation')),
                ('capacity', models.CharField(choices=[('titular', 'Titular'), ('suplente', 'Alternate'), ('observer', 'Observer'), ('guest', 'Guest'), ('secretariat', 'Secretariat')], max_length=12, verbose_name='as')),
                ('order', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('status', models.CharField(choices=[('in_person', 'Present'), ('remote', 'Present at a distance'), ('excused', 'Excused'), ('absent', 'Absent')], default='absent', max_length=10, verbose_name='state')),
                ('arrived_at', models.DateTimeField(blank=True, null=True, verbose_name='arrived')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left')),
                ('counted', models.BooleanField(default=False, editable=False, verbose_name='counts for its seat')),
                ('designation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='steering.designation', verbose_name='designation')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='steering.meeting', verbose_name='meeting')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='network.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='network.person', verbose_name='person')),
                ('term', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='steering.seatterm', verbose_name='term in a seat')),
            ],
            options={
                'verbose_name': 'line of the attendance list',
                'verbose_name_plural': 'attendance',
                'ordering': ['meeting', 'term__seat__position', 'order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='attendance_once', violation_error_message='This person is on the list already.'), models.UniqueConstraint(condition=models.Q(('counted', True)), fields=('meeting', 'term'), name='attendance_one_vote_per_seat'), models.CheckConstraint(condition=models.Q(('counted', False), models.Q(('capacity__in', ['titular', 'suplente']), ('status__in', ['in_person', 'remote']), ('term__isnull', False)), _connector='OR'), name='attendance_counts_for_a_seat'), models.CheckConstraint(condition=models.Q(models.Q(('capacity__in', ['titular', 'suplente']), ('term__isnull', False)), models.Q(('capacity__in', ['observer', 'guest', 'secretariat']), ('term__isnull', True)), _connector='OR'), name='attendance_seat_and_capacity', violation_error_message='Titulars and alternates come for a seat; nobody else does.'), models.CheckConstraint(condition=models.Q(('arrived_at__isnull', True), ('left_at__isnull', True), ('left_at__gt', models.F('arrived_at')), _connector='OR'), name='attendance_leaves_after_arriving', violation_error_message='Nobody leaves before arriving.')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('none', 'No answer yet'), ('yes', 'Comes'), ('maybe', 'Perhaps'), ('no', 'Does not come')], default='none', max_length=6, verbose_name='answer')),
                ('answered_at', models.DateTimeField(editable=False, null=True, verbose_name='answered')),
                ('designation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='steering.designation', verbose_name='designation')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='steering.meeting', verbose_name='meeting')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='network.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations and answers',
                'ordering': ['meeting', 'designation__term__seat__position', 'designation__order', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='invitation_once')],
            },
        ),
    ]
