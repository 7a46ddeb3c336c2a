"""A template edited by the keyboard, beside the document that it makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.documents.templates import shipped
from app.domain.document_kinds import KINDS
from tests.ui.acting import CONTROL, dialog, shown
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.template_editor import TemplateEditor
from ui.models.template_sections import SectionsModel
from ui.tasks import Tasks
from ui.theme import Theme

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def editor(world: World, tasks: Tasks, qtbot: QtBot) -> Iterator[TemplateEditor]:
    parent = QWidget()
    qtbot.addWidget(parent)
    draft = world.services.paper_looks.draft("minutes", world.commission_id)
    made = TemplateEditor(draft, world.commission_id, world.services, tasks, parent)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.open()
    qtbot.waitUntil(lambda: made.isActiveWindow() and made.preview.shown)
    made.activateWindow()
    yield made
    QWidget.close(made)


@pytest.fixture
def large(theme: Theme) -> Iterator[Theme]:
    """Text at twice its size."""
    theme.set_scale(2.0)
    yield theme
    theme.set_scale(1.0)


def names(editor: TemplateEditor) -> list[str]:
    return [one.name for one in editor.sections.template.sections]


def kept(world: World) -> list[str]:
    template = world.services.paper_looks.template("minutes", world.commission_id)
    return [one.name for one in template.shown()]


def seen_of(widget: QWidget) -> int:
    """The height of a widget that its scroll area shows."""
    return widget.visibleRegion().boundingRect().height()


def said(editor: TemplateEditor) -> str:
    """What the document on the right says, page by page."""
    document = editor.preview.document
    return " ".join(document.getAllText(n).text() for n in range(document.pageCount()))


def test_sections_are_moved_left_out_and_kept_by_keys_alone(
    editor: TemplateEditor, world: World, qtbot: QtBot
) -> None:
    assert editor.focusWidget() is editor.list
    editor.list.select(2)
    qtbot.keyClick(editor.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert names(editor)[2:4] == ["agenda", "quorum"]
    editor.list.select(names(editor).index("actions"))
    qtbot.keyClick(editor.list, Qt.Key.Key_Space)
    qtbot.keyClick(editor.list, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: not editor.isVisible())
    assert kept(world)[:3] == ["attendance", "agenda", "quorum"]
    assert "actions" not in kept(world)


def test_what_the_law_asks_for_cannot_be_unticked(editor: TemplateEditor, qtbot: QtBot) -> None:
    editor.list.select(1)
    qtbot.keyClick(editor.list, Qt.Key.Key_Space)
    assert editor.sections.section(1).shown


def test_words_typed_are_seen_in_the_document_after_a_pause(
    editor: TemplateEditor, qtbot: QtBot
) -> None:
    editor.list.select(1)
    editor.editor.heading.clear()
    qtbot.keyClicks(editor.editor.heading, "Appel nominal")
    assert "Appel nominal" not in said(editor)
    qtbot.waitUntil(lambda: "Appel nominal" in said(editor))


def test_a_variable_is_explained(editor: TemplateEditor) -> None:
    assert "{commission} devient" in editor.editor.variables.toolTip()
    assert all("commission" in kind.variables for kind in KINDS.values())


def test_a_variable_is_inserted_where_the_keyboard_was(
    editor: TemplateEditor, qtbot: QtBot
) -> None:
    editor.list.select(names(editor).index("signatures"))
    name = editor.editor.signers.rows[1].form.field("name")
    name.setFocus()
    qtbot.keyClick(name, Qt.Key.Key_End)
    editor.editor.insert("{commission}")
    signers = editor.sections.template.sections[-1].signers
    assert signers[1].name == "{secrétariat}{commission}"


def test_tab_goes_from_the_heading_to_the_signatures_before_the_document(
    editor: TemplateEditor, qtbot: QtBot
) -> None:
    editor.list.select(names(editor).index("signatures"))
    role = editor.editor.signers.rows[0].form.field("role")
    qtbot.waitUntil(role.isVisible)
    editor.editor.heading.setFocus()
    qtbot.keyClick(editor.editor.heading, Qt.Key.Key_Tab)
    assert editor.editor.signers.rows[0].isAncestorOf(editor.focusWidget())


def test_the_words_of_a_section_have_more_room_than_the_list_where_the_text_is_large(
    large: Theme, editor: TemplateEditor, qtbot: QtBot
) -> None:
    editor.resize(1286, 688)
    qtbot.waitUntil(lambda: editor.list.height() < seen_of(editor.editor))


def test_an_unknown_variable_is_said_at_once_and_is_not_kept(
    editor: TemplateEditor, world: World, qtbot: QtBot
) -> None:
    closing = names(editor).index("closing")
    editor.list.select(closing)
    editor.editor.text.setPlainText("Levée à {heure_cloture}.")
    qtbot.waitUntil(lambda: "écrivez {heure_clôture}" in editor.banner.text())
    editor.list.select(0)
    qtbot.mouseClick(editor.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: editor.list.currentIndex().row() == closing)
    assert editor.isVisible()
    assert "minutes" not in world.services.paper_looks.own_kinds(world.commission_id)


def test_ctrl_z_undoes_words_and_order_alike_even_inside_a_field(
    editor: TemplateEditor, qtbot: QtBot
) -> None:
    first = editor.sections.template
    editor.list.select(2)
    qtbot.keyClick(editor.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    moved = editor.sections.template
    editor.list.select(names(editor).index("closing"))
    editor.editor.text.setFocus()
    qtbot.keyClicks(editor.editor.text, "Au revoir. ")
    typed = editor.sections.template
    assert first != moved != typed
    qtbot.keyClick(editor.editor.text, Qt.Key.Key_Z, CONTROL)
    assert editor.sections.template == moved
    assert "Au revoir" not in editor.editor.text.toPlainText()
    qtbot.keyClick(editor.editor.text, Qt.Key.Key_Z, CONTROL)
    assert editor.sections.template == first
    qtbot.keyClick(editor.list, Qt.Key.Key_Y, CONTROL)
    qtbot.keyClick(editor.list, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert editor.sections.template == typed


def test_the_shipped_template_comes_back_and_takes_the_place_of_another_once_asked(
    editor: TemplateEditor, world: World, qtbot: QtBot
) -> None:
    looks = world.services.paper_looks
    editor.sections.move(2, 0)
    own = editor.sections.template
    looks.save(world.commission_id, own)  # elsewhere: a sync brings it
    qtbot.mouseClick(editor.reset, Qt.MouseButton.LeftButton)
    assert editor.sections.template == shipped("minutes")
    for answer in ("cancel", "confirm"):
        qtbot.mouseClick(editor.confirm, Qt.MouseButton.LeftButton)
        question = dialog(ConfirmDialog, editor, qtbot)
        assert "a changé depuis" in shown(question) and question.cancel.isDefault()
        assert looks.template("minutes", world.commission_id) == own
        getattr(question, answer).click()
    qtbot.waitUntil(lambda: not editor.isVisible())
    assert "minutes" not in looks.own_kinds(world.commission_id)


def test_leaving_with_changes_asks_first(editor: TemplateEditor, qtbot: QtBot) -> None:
    editor.sections.move(2, 0)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    question = editor.findChild(ConfirmDialog)
    assert question is not None
    assert editor.isVisible()
    qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not editor.isVisible())


def test_the_list_of_sections_is_a_sound_model_that_can_be_dropped_on(
    qtmodeltester: ModelTester, qtbot: QtBot
) -> None:
    model = SectionsModel(shipped("minutes"))
    qtmodeltester.check(model)
    data = model.mimeData([model.index(1)])
    with qtbot.waitSignal(model.edited):
        model.dropMimeData(data, Qt.DropAction.MoveAction, 4, 0, QModelIndex())
    order = [one.name for one in model.template.sections]
    assert order[:5] == ["preamble", "quorum", "agenda", "attendance", "follow_up"]
    model.dropMimeData(data, Qt.DropAction.MoveAction, -1, -1, QModelIndex())
    assert [one.name for one in model.template.sections][-1] == "quorum"
    assert not model.move(0, -1)
