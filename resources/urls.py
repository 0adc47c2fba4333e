from django.urls import path
from django.utils.translation import gettext_lazy as _

from resources.views import comparing, desk, findings, gathering, gathering_files, histories, library, proposals

app_name = "resources"

urlpatterns = [
    path(_("resources/"), library.resource_list, name="list"),
    path(_("resources/suggestions/"), library.suggestions, name="suggestions"),
    path(_("resources/<int:pk>/"), library.resource_detail, name="by_number"),
    path(_("resources/<int:pk>-<str:slug>/"), library.resource_detail, name="detail"),
    path(_("my-desk/"), desk.desk, name="desk"),
    path(_("my-desk/upload/"), desk.upload, name="upload"),
    path(_("my-desk/gather/files/"), gathering_files.begin, name="gather_files"),
    path(_("my-desk/gather/files/<int:pk>/"), gathering_files.gathering, name="gathering_files"),
    path(_("my-desk/gather/files/<int:pk>/file/"), gathering_files.take, name="gather_file"),
    path(_("my-desk/gather/files/<int:pk>/send/"), gathering_files.send, name="gather_send"),
    path(_("my-desk/gather/lines/<int:pk>/"), gathering_files.correct, name="gathered_correct"),
    path(_("my-desk/searches/"), desk.searches, name="searches"),
    path(_("my-desk/gather/"), gathering.gather, name="gather"),
    path(_("my-desk/gather/template.<str:format>"), gathering.gather_template, name="gather_template"),
    path(_("my-desk/gather/<int:pk>/"), gathering.gathering, name="gathering"),
    path(_("my-desk/gather/<int:pk>/take-in/"), gathering.take_in, name="gathering_take_in"),
    path(_("my-desk/gather/<int:pk>/look-up/"), gathering.look_up, name="gathering_look_up"),
    path(_("my-desk/gather/<int:pk>/cancel/"), gathering.cancel, name="gathering_cancel"),
    path(_("my-desk/gather/<int:pk>/send/"), gathering.send, name="gathering_send"),
    path(_("my-desk/gather/<int:pk>/undo/"), gathering.undo, name="gathering_undo"),
    path(_("my-desk/<int:pk>/"), desk.edit, name="edit"),
    path(_("my-desk/<int:pk>/history/"), histories.history, name="history"),
    path(_("my-desk/<int:pk>/suggestions/"), proposals.suggestions, name="work_suggestions"),
    path(_("my-desk/<int:pk>/suggestions/accept/"), proposals.accept, name="accept"),
    path(_("my-desk/<int:pk>/alike/"), comparing.alike, name="alike"),
    path(_("my-desk/<int:pk>/compare/<int:other>/"), comparing.compare, name="compare"),
    path(_("my-desk/<int:pk>/compare/<int:other>/one/"), comparing.merge, name="merge"),
    path(_("my-desk/<int:pk>/compare/<int:other>/both/"), comparing.keep_both, name="keep_both"),
    path(_("my-desk/<int:pk>/findings/"), findings.findings, name="findings"),
    path(_("my-desk/files/<int:pk>/check/"), findings.check, name="file_check"),
    path(_("my-desk/files/<int:pk>/clean/"), findings.clean, name="file_clean"),
    path(_("my-desk/<int:pk>/files/"), desk.file_add, name="file_add"),
    path(_("my-desk/<int:pk>/publish/"), desk.publish, name="publish"),
    path(_("my-desk/<int:pk>/send-back/"), desk.send_back, name="send_back"),
    path(_("my-desk/files/<int:pk>/remove/"), desk.file_remove, name="file_remove"),
]
