"""What people do with persons: name them in texts, correct who they are, erase them (RGPD)."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from app.domain.erasure import ERASED
from app.domain.records import Envelope
from tests.properties.gestures import WHICH, WHO, pick
from tests.properties.region import Device
from tests.properties.sittings import Sittings

_NAMING = st.sampled_from([("need", "title"), ("need", "words"), ("agenda_item", "notes")])


class Erasures(Sittings):
    """The gestures of who answers for what is kept about persons."""

    @rule(who=WHO)
    def note_a_person(self, who: int) -> None:
        with self.acting(who) as one:
            one.put("person", first_name=self.word(), last_name=self.word())

    @rule(who=WHO, which=WHICH, name=st.sampled_from(["first_name", "role", "email"]))
    def correct_a_person(self, who: int, which: int, name: str) -> None:
        with self.acting(who) as one:
            if person := pick(one, "person", which):
                one.put("person", person.id, **{name: f"{self.word()}@vougeot.fr"})

    @rule(who=WHO, which=WHICH, other=WHICH, where=_NAMING, deleted=st.booleans())
    def name_a_person(
        self, who: int, which: int, other: int, where: tuple[str, str], deleted: bool
    ) -> None:
        """Somebody speaks of them; what was said may be deleted at once."""
        with self.acting(who) as one:
            kind, field = where
            person, record = _known(one, which), pick(one, kind, other)
            if person and record:
                words = f"Mme {person.fields['last_name']} : {self.word()}."
                one.put(kind, record.id, **{field: words})
                if deleted:
                    one.services.records.delete(record.id, cascade=True)

    @rule(who=WHO, which=WHICH, deleted=st.booleans())
    def erase_a_person(self, who: int, which: int, deleted: bool) -> None:
        """The person may be deleted next, as may be what names them by other rules."""
        with self.acting(who) as one:
            if person := _known(one, which):
                self.erase(one, person)
                if deleted:
                    one.services.records.delete(person.id)

    def erase(self, one: Device, person: Envelope) -> None:
        """Erases a person on a laptop, and counts them as erased."""
        one.services.erasures.erase(person.id)
        self.ledger.erase(person, one, [each for each in self.devices if each is not one])


def _known(one: Device, which: int) -> Envelope | None:
    """A person who is not erased."""
    person = pick(one, "person", which)
    named = person is not None and person.fields["last_name"] not in ("", ERASED)
    return person if named else None
