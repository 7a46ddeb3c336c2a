"""The forms to create or to open a workspace."""

from __future__ import annotations

from ui.dialogs.protection import add_protection
from ui.widgets.code_field import add_code
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Form
from ui.widgets.path_field import PathField, folder_from
from ui.widgets.tie_card import add_central
from ui.words.choices import PROFILES

_NEW = (
    "Protection en cas de vol",
    "Les fichiers sont chiffrés ; un code de secours vous sera remis.",
)
"""The label and the hint of the protection of a new workspace."""

_DELIBERATIVE = "Son organe se dit dans les réglages : le délai de convocation en dépend."
"""The hint of a deliberative assembly, whose notice depends on its body."""


def commission_form() -> Form:
    from app.services import workspaces

    names = workspaces.departments().items()
    form = Form()
    form.add(
        "name",
        "Nom de la commission",
        TextField("Commission numérique locale de…"),
        required="Donnez un nom à la commission.",
        whole=True,
    )
    form.add("department", "Département", Choice([(c, f"{n} ({c})") for c, n in names]))
    profile = Choice(PROFILES)
    form.add("profile", "Genre d'assemblée", profile)
    profile.edited.connect(
        lambda: form.explain("profile", _DELIBERATIVE if profile.value() == "deliberative" else "")
    )
    add_author(form, "Il signe ce que vous écrivez.")
    add_protection(form, *_NEW)
    return form


def add_author(form: Form, hint: str) -> None:
    """Asks for the name of whoever will use the workspace from now on."""
    form.add(
        "author_name",
        "Votre nom",
        TextField("Prénom Nom"),
        hint=hint,
        required="Dites qui vous êtes.",
    )


def joining_form() -> Form:
    """Asks for what it takes to bring a commission of the central into a new workspace."""
    form = Form()
    add_central(form, "Recopiez le code donné par le GIP.")
    add_protection(form, *_NEW)
    return form


def place_form() -> Form:
    form = Form(columns=1)
    form.add(
        "place",
        "Dossier de l'espace de travail",
        PathField(folder_from("Son dossier")),
        required="Choisissez le dossier de l'espace de travail.",
    )
    return form


def passphrase_form() -> Form:
    secret = TextField()
    secret.setEchoMode(TextField.EchoMode.Password)
    form = Form(columns=1)
    words = "Phrase de passe"
    form.add("secret", words, secret, required=f"{words} : à remplir pour ouvrir.")
    return form


def code_form() -> Form:
    form = Form(columns=1)
    add_code(form)
    add_protection(form, "Protection désormais", "Le même code de secours reste valable.")
    return form
