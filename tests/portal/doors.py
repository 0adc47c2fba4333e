"""Who may go where: a row for every view. `who` gets in; everybody else is answered `no`, the public signs in first."""

from dataclasses import dataclass, field

PUBLIC = {"public"}
SIGNED_IN = {
    "contributor", "manager", "stranger", "committee", "secretariat", "coordinator", "administrator",
}  # fmt: skip
ALL = PUBLIC | SIGNED_IN
NOBODY: set[str] = set()
COORDINATION = {"coordinator", "administrator"}
SHARED = COORDINATION | {"secretariat"}
STAFF = SHARED | {"committee"}
OWN = COORDINATION | {"contributor", "manager"}
MANAGING = COORDINATION | {"manager"}
HANDING_IN = OWN | {"stranger"}


@dataclass(frozen=True)
class Door:
    """What stands in the address by the name of a thing of the test's world, and how one knocks."""

    who: set[str]
    args: dict[str, str] = field(default_factory=dict)
    how: str = "get"
    no: str = "404"
    public: str = "sign in"
    data: dict[str, str] = field(default_factory=dict)

    def expected(self, role: str) -> str:
        if role in self.who:
            return "in"
        return self.public if role == "public" else self.no


def page(who: set[str], **args: str) -> Door:
    return Door(who, args)


def step(who: set[str], **args: str) -> Door:
    """What is only posted."""
    return Door(who, args, how="post")


def hidden(who: set[str], **args: str) -> Door:
    """Not there for whom it is not meant, whether signed in or not."""
    return Door(who, args, public="404")


def by_link(how: str = "get", **args: str) -> Door:
    """Opened by the link in a letter alone, whoever one is: the tests of those links say how. Here a forged one."""
    return Door(NOBODY, args, how=how, public="404")


SITE = {
    # everybody's
    "home": page(ALL),
    "health_live": page(ALL),
    "health_ready": page(ALL),
    "robots": page(ALL),
    "oai": page(ALL),
    "favicon": page(ALL),
    "set_language": step(ALL),
    "about": page(ALL),
    "countries": page(ALL),
    "country": page(ALL, code="country"),
    "topics": page(ALL),
    "topic": page(ALL, slug="topic"),
    "organisations": page(ALL),
    "organisation": page(ALL, slug="slug"),
    "organisations_csv": page(ALL),
    # applying to join
    "network:join": page(ALL),
    "network:application": by_link(token="forged"),
    "network:application_save": by_link("post", token="forged"),
    "network:application_email": by_link("post", token="forged"),
    "network:application_answer": by_link("post", token="forged"),
    "network:application_withdraw": by_link(token="forged"),
    "network:application_file": by_link(token="forged", pk="nothing"),
    "network:application_link": step(ALL, token="forged"),  # leads to where one begins
    # the committee
    "steering:committee": page(ALL),
    "steering:minutes": page(ALL, code="meeting", revision="revision"),
    "steering:minutes_file": hidden(STAFF, pk="minutes_file", name="minutes_name"),
    "steering:verify": page(ALL),
    "steering:record": page(ALL),
    "steering:plan_now": page(ALL),
    # a plan of the committee's alone, in the making
    "steering:plan": hidden(STAFF, first_year="2040"),
    "steering:matrix": hidden(STAFF, first_year="2040"),
    "steering:timeline": hidden(STAFF, first_year="2040"),
    "steering:progress": hidden(STAFF, first_year="2040"),
    "steering:activity": hidden(STAFF, first_year="2040", code="1.1.1"),
    "steering:plan_file": hidden(STAFF, first_year="2040", format="json"),
    "steering:decision": hidden(STAFF, meeting="meeting", number="number"),
    "steering:invitation": by_link(token="forged"),
    "steering:action": by_link(token="forged"),
    "steering:round": by_link(token="forged"),
    # the money and the end of a plan
    "steering:contributions": page(ALL, first_year="money_year"),
    "steering:contribution_offer": page(OWN - {"administrator", "coordinator"} | {"stranger"}, first_year="money_year"),
    "steering:closing": page(ALL, first_year="closed_year"),
    "steering:closing_file": page(ALL, first_year="closed_year", format="docx"),
    "steering:report_by_letter": by_link(token="forged"),
    "steering:report": page({"contributor", "manager"}, pk="period", slug="slug"),  # of OIM
    # policy outcomes: one that OIM told of, and INSP is asked to verify
    "steering:outcomes": page(ALL),
    "steering:outcome": hidden(STAFF | OWN | {"stranger"}, pk="outcome"),
    "steering:outcome_report": page(HANDING_IN),
    "steering:outcome_edit": page({"contributor", "manager"}, pk="outcome"),
    "steering:outcome_evidence": step({"contributor", "manager"}, pk="outcome"),
    "steering:evidence_verify": step({"stranger"}, pk="evidence"),
    "steering:frameworks": page(ALL),
    "steering:origin": page(OWN, pk="draft"),
    "steering:origin_take": step(OWN, pk="draft", said="nothing"),
    # the library
    "resources:list": page(ALL),
    "resources:suggestions": page(ALL),
    # a draft of OIM
    "resources:by_number": hidden(OWN, pk="draft"),
    "resources:detail": hidden(OWN, pk="draft", slug="x"),
    "file": hidden(OWN, pk="file", name="name"),
    "thumbnail": hidden(OWN, pk="file"),
    "resources:edit": page(OWN, pk="draft"),
    "resources:history": page(OWN, pk="draft"),
    "resources:markers": page(OWN, pk="draft"),
    "resources:marker_review": step(COORDINATION, pk="marker"),
    "resources:discard": page(COORDINATION, pk="draft"),  # others delete what they began themselves
    "resources:work_suggestions": page(OWN, pk="draft"),
    "resources:alike": page(OWN, pk="draft"),
    "resources:compare": page(OWN, pk="draft", other="submitted"),
    "resources:findings": page(OWN, pk="draft"),
    "resources:accept": step(OWN, pk="draft"),
    "resources:merge": step(OWN, pk="draft", other="submitted"),
    "resources:keep_both": step(OWN, pk="draft", other="submitted"),
    "resources:file_check": step(OWN, pk="file"),
    "resources:file_clean": step(OWN, pk="file"),
    "resources:file_add": step(OWN, pk="draft"),
    "resources:file_remove": step(OWN, pk="file"),
    # deciding on documents
    "resources:publish": step(COORDINATION, pk="submitted"),
    "resources:send_back": step(COORDINATION, pk="submitted"),
    "resources:searches": page(COORDINATION),
    "resources:askings": page(COORDINATION),
    "resources:asking": page(COORDINATION, pk="asking"),
    "resources:asking_withdraw": step(COORDINATION, pk="asking"),
    "resources:asking_send_again": step(COORDINATION, pk="asking"),
    "resources:ask_whom": page(COORDINATION),
    "resources:ask": page(COORDINATION, slug="slug"),
    "resources:take_up": step(COORDINATION, pk="refused"),
    "resources:asked": by_link(token="forged"),
    "resources:asked_change": by_link(token="forged", pk="draft"),
    "asked_file": by_link(token="forged", pk="file", name="name"),
    # handing in, for any organisation
    "resources:upload": Door(HANDING_IN, no="403"),
    "resources:gather": Door(HANDING_IN, no="403"),
    "resources:gather_files": Door(HANDING_IN, how="post", no="403"),
    "resources:gather_harvest": step(COORDINATION),
    "resources:gather_template": page(SIGNED_IN, format="format"),
    # a gathering of OIM's
    "resources:gathering": page(OWN, pk="list"),
    "resources:gathering_take_in": step(OWN, pk="list"),
    "resources:gathering_look_up": step(OWN, pk="list"),
    "resources:gathering_cancel": step(OWN, pk="list"),
    "resources:gathering_send": step(OWN, pk="list"),
    "resources:gathering_undo": step(OWN, pk="list"),
    "resources:gathering_files": page(OWN, pk="files"),
    "resources:gather_file": step(OWN, pk="files"),
    "resources:gather_send": step(OWN, pk="files"),
    "resources:gathered_correct": step(OWN, pk="line"),
    # one's own desk
    "desk": page(SIGNED_IN),
    "resources:mine": page(SIGNED_IN),
    "network:my_data": page(SIGNED_IN),
    "network:my_data_download": page(SIGNED_IN),
    "network:erase_me": page(SIGNED_IN),
    # looking after OIM
    "my_organisation": page(MANAGING),
    "organisation_desk": page(MANAGING, slug="slug"),
    "network:colleague_invite": page(MANAGING, slug="slug"),
    "network:invitation_resend": step(MANAGING, pk="invitation"),
    "network:invitation_revoke": step(MANAGING, pk="invitation"),
    "network:person_add": page(MANAGING, slug="slug"),
    "network:person_leaves": step(MANAGING, pk="affiliation"),
    "network:role_end": page(OWN, pk="role"),  # the contributor's own
    # the coordination's shared desk
    "network:shared_desk": page(SHARED),
    "network:duty_take": step(COORDINATION, pk="duty"),
    "network:duty_put_back": step(COORDINATION, pk="duty"),
    "network:duty_hand_over": step(COORDINATION, pk="duty"),
    "network:duty_finish": step(COORDINATION, pk="duty"),
    "network:absence_add": step(SHARED),
    "network:absence_remove": step({"coordinator"}, pk="absence"),  # whose days they are
    "network:record": page(COORDINATION),
    # accounts
    "network:account": page(SIGNED_IN),
    "network:session_end": step(NOBODY, pk="nothing"),
    "network:invitation": by_link(token="forged"),
    "account_login": page(ALL),
    "account_logout": page(ALL),
    "account_inactive": page(ALL),
    "account_reauthenticate": page(SIGNED_IN),
    "account_reset_password": page(ALL),
    "account_reset_password_done": page(ALL),
    "account_reset_password_from_key": page(ALL, uidb36="forged", key="forged"),
    "account_reset_password_from_key_done": page(ALL),
    "account_change_password": page(SIGNED_IN),
    "account_set_password": page(SIGNED_IN),
    "account_email": page(SIGNED_IN),
    "account_email_verification_sent": page(SIGNED_IN),
    "mfa_login_webauthn": page(SIGNED_IN),  # the public: from the page for signing in alone
    "mfa_authenticate": page(SIGNED_IN),
    "mfa_reauthenticate": page(SIGNED_IN),
    "mfa_reauthenticate_webauthn": page(SIGNED_IN),
    "mfa_index": page(SIGNED_IN),
    "mfa_activate_totp": page(SIGNED_IN),
    "mfa_deactivate_totp": page(STAFF),  # who has an app
    "mfa_list_webauthn": page(SIGNED_IN),
    "mfa_add_webauthn": page(SIGNED_IN),
    "mfa_edit_webauthn": page(SIGNED_IN, pk="nothing"),  # asks for the password before it looks for the key
    "mfa_remove_webauthn": page(SIGNED_IN, pk="nothing"),
    "mfa_view_recovery_codes": page(NOBODY),  # there are none yet
    "mfa_generate_recovery_codes": page(SIGNED_IN),
    "usersessions_list": page(SIGNED_IN),
}

ADMINISTRATOR = {"administrator"}
READING = STAFF
STEERING = SHARED

ADMIN = {
    # model: who sees the list and a row of it, who adds, who changes; nobody deletes unless it says so
    "network.country": (READING, COORDINATION, COORDINATION, COORDINATION),
    "network.sector": (READING, COORDINATION, COORDINATION, COORDINATION),
    "network.organisation": (READING, COORDINATION, COORDINATION, COORDINATION),
    "network.user": (COORDINATION, STAFF, COORDINATION, NOBODY),  # adding leads to the invitations
    "network.role": (COORDINATION, COORDINATION, COORDINATION, NOBODY),
    "network.invitation": (COORDINATION, COORDINATION, COORDINATION, NOBODY),
    "network.person": (SHARED, SHARED, SHARED, NOBODY),
    "network.application": (COORDINATION, NOBODY, NOBODY, NOBODY),  # it moves by steps alone
    "network.membership": (READING, COORDINATION, COORDINATION, NOBODY),
    "network.rota": (READING, COORDINATION, COORDINATION, COORDINATION),
    "resources.resource": (READING, COORDINATION, COORDINATION, COORDINATION),
    "resources.topic": (READING, COORDINATION, COORDINATION, COORDINATION),
    "resources.markerscale": (READING, COORDINATION, COORDINATION, NOBODY),
    "resources.source": (READING, COORDINATION, COORDINATION, COORDINATION),
    "steering.body": (READING, STEERING, STEERING, NOBODY),
    "steering.seat": (READING, STEERING, STEERING, NOBODY),
    "steering.seatterm": (READING, STEERING, STEERING, NOBODY),
    "steering.designation": (READING, STEERING, STEERING, NOBODY),
    "steering.office": (READING, STEERING, STEERING, NOBODY),
    "steering.meeting": (READING, STEERING, STEERING, NOBODY),
    "steering.agendaitem": (READING, NOBODY, STEERING, NOBODY),  # added on the page of its meeting
    "steering.decision": (READING, STEERING, STEERING, NOBODY),
    "steering.actionitem": (READING, STEERING, STEERING, NOBODY),
    "steering.minutes": (READING, NOBODY, STEERING, NOBODY),  # begun by a step of the meeting
    "steering.minutestemplate": (READING, STEERING, NOBODY, NOBODY),
    "steering.observation": (READING, STEERING, NOBODY, NOBODY),
    "steering.plan": (READING, STEERING, STEERING, NOBODY),
    "steering.planversion": (READING, NOBODY, NOBODY, NOBODY),  # comes with its plan; its lines are what is changed
    "steering.objective": (READING, STEERING, STEERING, NOBODY),
    "steering.expectedresult": (READING, STEERING, STEERING, NOBODY),
    "steering.activityterms": (READING, STEERING, STEERING, NOBODY),
    "steering.indicatorterms": (READING, STEERING, STEERING, NOBODY),
    "steering.contribution": (READING, STEERING, STEERING, NOBODY),
    "steering.settlement": (READING, NOBODY, NOBODY, NOBODY),  # chosen in the close-out assistant
    "steering.period": (READING, NOBODY, NOBODY, NOBODY),  # it moves by steps alone, and so do reports
    "steering.progressreport": (READING, NOBODY, NOBODY, NOBODY),
    "steering.policyoutcome": (READING, STEERING, STEERING, NOBODY),
    "taggit.tag": (READING, COORDINATION, COORDINATION, COORDINATION),
    "django_ox.oxtask": (ADMINISTRATOR, NOBODY, ADMINISTRATOR, ADMINISTRATOR),
    "django_ox.oxschedule": (ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR, ADMINISTRATOR),
}

ADMIN_PAGES = {
    "index": page(STAFF),
    "login": Door(STAFF, no="no"),  # whoever has signed in elsewhere and has no role is told so
    "password_change": page(STAFF),
    "password_change_done": page(STAFF),
    "jsi18n": page(STAFF),
    "autocomplete": Door(
        COORDINATION | {"secretariat", "committee"},
        data={"app_label": "network", "model_name": "role", "field_name": "organisation"},
    ),
    "app_list": page(STAFF, app_label="network"),
    "view_on_site": Door(STAFF, {"content_type_id": "type", "object_id": "country"}),
    "auth_user_password_change": page(NOBODY, id="nothing"),
    "network_application_attachment": page(COORDINATION, pk="application", attachment_pk="attachment"),
    "resources_source_proposals": page(COORDINATION),
    "resources_source_decide": step(COORDINATION, pk="harvested"),
    "resources_source_check": page(COORDINATION, pk="source"),
    "resources_source_refused": page(COORDINATION, pk="source"),
    "steering_shipped": page(STAFF, language="language"),
    "steering_template": page(STAFF, pk="template"),
    "steering_letter": page(STAFF, pk="designation"),
    "steering_plan_markers": page(SHARED, pk="plan_version"),
    "steering_contribution_gap": page(STAFF, pk="money_plan"),
    "steering_closing_walk": page(SHARED, pk="money_plan"),
    "steering_closing_preview": page(SHARED, pk="money_plan"),
    "steering_room": page(SHARED, pk="held"),
    "steering_room_changes": step(SHARED, pk="held"),
    "steering_room_list": step(SHARED, pk="held"),
    "steering_room_people": step(SHARED, pk="held"),
    "steering_room_line": step(SHARED, pk="held", line="lines_first"),
    "steering_room_item": step(SHARED, pk="held", item="item", step="treat"),
    "steering_room_note": step(SHARED, pk="held", item="item", language="language"),
    "steering_room_decide": step(SHARED, pk="held", item="item"),
    "steering_room_assign": step(SHARED, pk="held", item="item"),
    "steering_room_decision": step(SHARED, pk="held", row="decided"),
    "steering_room_action": step(SHARED, pk="held", row="handed_out"),
    "steering_bulk": page(SHARED, pk="period"),
    "steering_silent": page(STAFF, pk="period"),
    "django_ox_oxtask_overview": page(ADMINISTRATOR),
    "logout": step(ALL),  # the last one: whoever leaves is out
}
