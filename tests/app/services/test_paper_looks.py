"""Templates and logos of a commission in a real workspace: kept, broken, undone, hostile."""

from __future__ import annotations

import io
from hashlib import sha256

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.bootstrap import Services
from app.documents.pdf.picture import as_logo
from app.documents.templates import shipped
from app.domain import document_templates
from app.domain.document_kinds import KINDS
from app.domain.document_templates import Template
from app.domain.media_types import LOGO, TEMPLATE
from app.errors import UserError
from app.services.changes import Change
from app.services.letterheads import Logo
from app.storage import blobs
from tests.app.documents import reading
from tests.app.domain.builders import COMMISSION, Scene
from tests.app.services.staging import stage


def headed(kind: str, name: str, heading: str) -> Template:
    sections = tuple(
        msgspec.structs.replace(one, heading=heading) if one.name == name else one
        for one in shipped(kind).sections
    )
    return Template(kind=kind, sections=sections)


def picture(width: int = 300, height: int = 100, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (10, 60, 110)).save(stream, kind)
    return stream.getvalue()


def attach(
    services: Services, media_type: str, name: str, data: bytes, *, held: bool = True
) -> None:
    """An attachment of the commission as a sync may bring it."""
    fields = {"owner_id": COMMISSION, "name": name, "media_type": media_type,
              "size": len(data), "sha256": sha256(data).hexdigest()}  # fmt: skip
    with services.workspace.unit() as unit:
        if held:
            blobs.keep(unit, data)
        services.records.write(unit, Change("attachment", fields))
        unit.commit()


def test_a_kept_template_shapes_new_papers_and_is_undone(services: Services) -> None:
    meeting_id = stage(services, Scene(3))
    services.paper_looks.save(COMMISSION, headed("minutes", "attendance", "Appel"))
    assert "minutes" in services.paper_looks.own_kinds(COMMISSION)
    assert "Appel" in reading.text(services.documents.make("minutes", meeting_id).data)
    services.paper_looks.save(COMMISSION, headed("minutes", "attendance", "Émargement"))
    assert len(services.records.list("attachment", owner_id=COMMISSION)) == 1
    undone = services.undo.next_undo()
    assert undone is not None
    assert undone.label == "Modification d'un modèle « Procès-verbal »"
    services.undo.undo()
    assert services.paper_looks.template("minutes", COMMISSION) == headed(
        "minutes", "attendance", "Appel"
    )
    services.paper_looks.reset("minutes", COMMISSION)
    assert services.paper_looks.template("minutes", COMMISSION) == shipped("minutes")
    services.undo.undo()
    assert "minutes" in services.paper_looks.own_kinds(COMMISSION)


def test_templates_that_two_laptops_kept_go_and_come_back_together(services: Services) -> None:
    stage(services, Scene(3))
    for heading in ("Appel", "Émargement"):
        kept = document_templates.written(headed("minutes", "attendance", heading))
        attach(services, TEMPLATE, "Procès-verbal", kept)
    services.paper_looks.reset("minutes", COMMISSION)
    assert services.records.list("attachment", owner_id=COMMISSION) == []
    services.undo.undo()
    assert len(services.records.list("attachment", owner_id=COMMISSION)) == 2


def test_frozen_minutes_keep_their_bytes_whatever_the_template_becomes(services: Services) -> None:
    meeting_id = stage(services, Scene(3))
    services.paper_looks.save(COMMISSION, headed("minutes", "attendance", "Appel"))
    frozen = services.minutes.freeze(meeting_id).document.data
    assert "Appel" in reading.text(frozen)
    services.paper_looks.save(COMMISSION, headed("minutes", "attendance", "Émargement"))
    assert services.documents.make("minutes", meeting_id).data == frozen
    preview = services.compositions.preview(COMMISSION, headed("minutes", "quorum", "Compte"))
    assert "Compte" in reading.text(preview.data)


def test_a_broken_template_that_a_sync_brought_says_where_and_what_to_do(
    services: Services,
) -> None:
    meeting_id = stage(services, Scene(3))
    attach(services, TEMPLATE, "Procès-verbal", b'{"kind": "minutes", "sections": [{}]}')
    with pytest.raises(UserError) as caught:
        services.documents.make("minutes", meeting_id)
    assert str(caught.value) == (
        "Modèle « Procès-verbal », section n° 1, nom : ce champ manque : indiquez-le ; corrigez ce"
        " modèle, ou rétablissez celui qui est livré, dans Réglages, Commission."
    )
    services.documents.make("agenda", meeting_id)
    services.paper_looks.reset("minutes", COMMISSION)
    services.documents.make("minutes", meeting_id)


def test_a_template_whose_bytes_have_not_come_gives_way_to_the_shipped_one(
    services: Services,
) -> None:
    stage(services, Scene(3))
    attach(services, TEMPLATE, "Ordre du jour", b"{}", held=False)
    assert services.paper_looks.template("agenda", COMMISSION) == shipped("agenda")


@pytest.mark.parametrize("kind", KINDS)
def test_each_template_is_seen_at_once_even_without_any_meeting(
    services: Services, kind: str
) -> None:
    services.records.put([Change("commission", {"name": "Morvan"}, COMMISSION, COMMISSION)])
    data = services.compositions.preview(COMMISSION, shipped(kind)).data
    assert reading.faults(data) == []
    broken = Template(kind=kind, sections=())
    with pytest.raises(UserError, match="manque, ajoutez-la"):
        services.compositions.preview(COMMISSION, broken)


def test_a_commission_s_logo_takes_the_place_of_the_operator_s(services: Services) -> None:
    meeting_id = stage(services, Scene(3))
    services.paper_looks.set_logo(None, picture())
    services.paper_looks.set_logo(COMMISSION, picture(kind="JPEG"), "Blason du Morvan")

    def told() -> list[str]:
        data = services.documents.make("agenda", meeting_id).data
        assert reading.faults(data) == []
        return [node.text for node in reading.structure(data) if node.role == "Figure"]

    assert told() == ["Logo : Blason du Morvan"]
    services.paper_looks.remove_logo(COMMISSION)
    assert told() == [f"Logo : {services.settings.get('operator_name')}"]
    services.paper_looks.remove_logo(None)
    assert told() == []


def test_the_words_of_a_logo_are_changed_over_the_picture_that_a_sync_brought(
    services: Services,
) -> None:
    stage(services, Scene(3))
    looks = services.paper_looks
    looks.set_logo(COMMISSION, picture(), "Blason")
    shown = looks.logo(COMMISSION)
    assert shown is not None
    looks.set_logo(COMMISSION, picture(90, 60), "Blason")
    brought = looks.logo(COMMISSION)
    assert brought is not None and brought.data != shown.data
    looks.set_logo(COMMISSION, shown.data, "Blason du Morvan", over=shown)
    assert looks.logo(COMMISSION) == Logo(brought.data, "Blason du Morvan")
    looks.set_logo(COMMISSION, picture(), "Blason", over=shown)
    kept = looks.logo(COMMISSION)
    assert kept is not None and kept.words == "Blason du Morvan"


def test_what_is_no_fit_picture_is_refused_before_it_is_kept(services: Services) -> None:
    stage(services, Scene(3))
    for data, said in (
        (b"", "PNG ou JPEG"),
        (picture()[:60], "PNG ou JPEG"),
        (picture(kind="GIF"), "PNG ou JPEG"),
        (picture(6000, 4000), "20 millions de points"),
        (picture(900, 2), "trop étroite"),
        (bytes(5 << 20), "4 Mo"),
    ):
        with pytest.raises(UserError, match=said):
            services.paper_looks.set_logo(COMMISSION, data)
    assert services.paper_looks.logo(COMMISSION) is None


def test_a_logo_that_a_sync_brought_is_judged_too(services: Services) -> None:
    meeting_id = stage(services, Scene(3))
    attach(services, LOGO, "Blason", picture(6000, 4000))
    with pytest.raises(UserError, match="Le logo ne convient pas"):
        services.documents.make("agenda", meeting_id)


def test_a_logo_taken_by_a_telephone_stands_upright() -> None:
    exif, stream = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # turned a quarter
    Image.new("RGB", (40, 30)).save(stream, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(as_logo(stream.getvalue()))).size == (30, 40)


def test_a_logo_whose_turn_is_cut_short_is_refused_in_words() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (40, 30)).save(stream, "PNG", exif=b"II*\0")
    with pytest.raises(ValueError, match="PNG ou JPEG lisible"):
        as_logo(stream.getvalue())


_SOUND = picture(40, 30)


@given(
    st.integers(0, len(_SOUND) - 1), st.binary(min_size=1, max_size=4), st.integers(0, len(_SOUND))
)
@example(at=11, odd=b"\0", end=16)  # its header says that it is empty
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_a_damaged_picture_is_kept_clean_or_refused(at: int, odd: bytes, end: int) -> None:
    damaged = (_SOUND[:at] + odd + _SOUND[at + len(odd) :])[: max(end, at)]
    try:
        clean = as_logo(damaged)
    except ValueError as error:
        assert "image" in str(error)
    else:
        assert Image.open(io.BytesIO(clean)).format == "PNG"
