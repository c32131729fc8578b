"""What a partner is called, which roles it takes, and who may edit it."""

from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest

from domain import partners
from domain.partners import (
    Address,
    Communication,
    CommunicationType,
    PartnerRoleKind,
    PartnerRoleMissing,
    PartnerType,
    RoleAlreadyAssigned,
    RoleInUse,
    RoleNotAllowedForType,
)
from domain.refusals import InUse, NotEditable, ValidationFailed

PERSON, ORGANIZATION = PartnerType.PERSON, PartnerType.ORGANIZATION
HQ, NORTH, HAMBURG, SOUTH = (uuid4() for _ in range(4))


def test_a_person_is_shown_with_title_and_sorted_by_last_name() -> None:
    names = partners.named(PERSON, {"title": "Dr.", "first_name": "Änne", "last_name": "Özil"})
    assert names["display_name"] == "Dr. Änne Özil"
    assert names["name_key"] == "ozil anne"
    assert names["search_term"] == "Dr. Änne Özil"


def test_an_organization_has_a_name_and_no_first_name() -> None:
    with pytest.raises(ValidationFailed) as refused:
        partners.named(ORGANIZATION, {"name": "Nordverlag", "first_name": "Nora"})
    assert refused.value.path == ("firstName",)


def test_a_person_needs_a_last_name_and_an_organization_a_name() -> None:
    for type_, path in ((PERSON, "lastName"), (ORGANIZATION, "name")):
        with pytest.raises(ValidationFailed) as refused:
            partners.named(type_, {})
        assert refused.value.path == (path,)


def test_a_search_term_that_followed_the_name_goes_on_following_it() -> None:
    verlag = SimpleNamespace(
        type=ORGANIZATION,
        display_name="Nordverlag",
        search_term="Nordverlag",
        name="Nordverlag",
        salutation=None,
        title=None,
        first_name=None,
        last_name=None,
    )
    assert partners.renamed(verlag, {"name": "Südverlag"})["search_term"] == "Südverlag"
    verlag.search_term = "NV"
    assert partners.renamed(verlag, {"name": "Südverlag"})["search_term"] == "NV"


@pytest.mark.parametrize("number", ["", "12 34", "a" * 21, "Ä1", "1/2"])
def test_a_number_has_letters_digits_points_dashes_and_underscores(number: str) -> None:
    with pytest.raises(ValidationFailed):
        partners.check_number(number)


@pytest.mark.rule("R-171")
def test_case_does_not_tell_numbers_apart() -> None:
    assert partners.number_key("Ab-1") == partners.number_key("aB-1")
    assert partners.number_key("Ab-1") != partners.number_key("Ab-2")


@pytest.mark.rule("R-167")
def test_a_partner_holds_several_roles_at_once() -> None:
    assert partners.roles_after(PERSON, {"CUSTOMER"}, PartnerRoleKind.SUPPLIER) == {"CUSTOMER", "SUPPLIER"}


def test_a_role_is_assigned_once() -> None:
    with pytest.raises(RoleAlreadyAssigned):
        partners.roles_after(PERSON, {"CUSTOMER"}, PartnerRoleKind.CUSTOMER)


@pytest.mark.rule("R-168")
def test_a_mere_contact_stops_being_one_with_its_first_other_role() -> None:
    assert partners.roles_after(PERSON, {"CONTACT"}, PartnerRoleKind.CUSTOMER) == {"CUSTOMER"}


@pytest.mark.rule("R-168")
def test_a_contact_that_has_another_role_stays_a_contact() -> None:
    assert partners.roles_after(PERSON, {"CONTACT", "CUSTOMER"}, PartnerRoleKind.CARRIER) == {
        "CONTACT",
        "CUSTOMER",
        "CARRIER",
    }


@pytest.mark.rule("R-169")
@pytest.mark.parametrize("role", list(PartnerRoleKind))
def test_a_person_takes_every_role_and_an_organization_all_but_two(role: PartnerRoleKind) -> None:
    assert role in partners.roles_after(PERSON, set(), role)
    if role in {PartnerRoleKind.EMPLOYEE, PartnerRoleKind.CONTACT_PERSON}:
        with pytest.raises(RoleNotAllowedForType):
            partners.roles_after(ORGANIZATION, set(), role)
    else:
        assert role in partners.roles_after(ORGANIZATION, set(), role)


@pytest.mark.rule("R-172")
def test_a_role_that_open_documents_use_cannot_be_taken_away() -> None:
    with pytest.raises(RoleInUse, match="open orders"):
        partners.check_removal(PartnerRoleKind.CUSTOMER, {"CUSTOMER"}, ["open orders"])
    partners.check_removal(PartnerRoleKind.CUSTOMER, {"CUSTOMER"}, [])


def test_a_role_that_is_not_held_cannot_be_taken_away() -> None:
    with pytest.raises(PartnerRoleMissing):
        partners.check_removal(PartnerRoleKind.CUSTOMER, {"SUPPLIER"}, [])


def test_a_partner_in_use_cannot_be_archived() -> None:
    with pytest.raises(InUse):
        partners.check_archiving(["open orders"])


@pytest.mark.rule("R-243")
@pytest.mark.parametrize(
    ("covered", "editable"),
    [({HAMBURG}, True), ({NORTH}, True), ({HQ}, True), ({SOUTH}, False), (set(), False)],
)
def test_base_data_are_edited_at_the_responsible_organization_or_above_it(covered: set[UUID], editable: bool) -> None:
    responsible = [HAMBURG, NORTH, HQ]
    if editable:
        partners.check_editable(covered.__contains__, responsible)
    else:
        with pytest.raises(NotEditable):
            partners.check_editable(covered.__contains__, responsible)


def test_every_fault_of_the_addresses_is_named_with_its_place() -> None:
    with pytest.raises(ValidationFailed) as refused:
        partners.check_addresses([Address("Kiel"), Address(" ", "Deutschland")])
    assert [violation.path for violation in refused.value.violations] == [
        ("addresses", "1", "city"),
        ("addresses", "1", "countryCode"),
    ]


def test_an_e_mail_is_one_and_only_one_of_a_type_is_preferred() -> None:
    mail = CommunicationType.EMAIL
    with pytest.raises(ValidationFailed) as refused:
        partners.check_communication(
            [
                Communication(mail, "no mail"),
                Communication(mail, "a@b.de", preferred=True),
                Communication(mail, "c@d.de", preferred=True),
            ]
        )
    assert [violation.path for violation in refused.value.violations] == [
        ("communication", "0", "value"),
        ("communication", "2", "preferred"),
    ]
