"""What every argument and input field is given: own records by their names in the world, texts, numbers.

Nothing has a value by chance: a field that is in no table here makes the tests fail, so that whoever adds it
says which record it means.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.isolation.world import Twin

OWN_ORGANIZATIONS = "organization "

IDS: Mapping[str, tuple[str, str]] = {
    "apiKeyId": ("key", "key"),
    "cartId": ("car", "cart"),
    "checkoutId": ("cko", "checkout"),
    "connectionId": ("con", "connection to other"),
    "costCenterId": ("cce", "cost center"),
    "customerId": ("cus", "customer"),
    "customerNumberRangeId": ("nrg", "number range"),
    "externalOfferId": ("xof", "offer of other"),
    "hintId": ("txt", "text"),
    "invoiceId": ("inv", "invoice"),
    "itemId": ("cit", "optional item"),
    "leadingItemId": ("cit", "own item"),
    "maintainingOrganizationId": ("org", "organization HQ"),
    "numberRangeId": ("nrg", "number range"),
    "offerId": ("off", "offer"),
    "optionalItemIds": ("cit", "optional item"),
    "orderId": ("ord", "order"),
    "organizationId": ("org", "organization HQ"),
    "organizationIds": ("org", "organization HAMBURG"),
    "parentId": ("org", "organization HQ"),
    "partnerId": ("par", "plain partner"),
    "payoutEntryId": ("pay", "payout"),
    "products.id": ("opr", "product"),
    "recipients.id": ("rec", "recipient's row"),
    "relationshipId": ("rel", "relationship"),
    "representatives.id": ("rep", "representative's row"),
    "responsibleOrganizationId": ("org", "organization HQ"),
    "roleId": ("rol", "role"),
    "roleIds": ("rol", "role"),
    "selfServiceHintId": ("txt", "text"),
    "soldByTenantId": ("ten", "tenant"),
    "sourceTenantId": ("ten", "tenant"),
    "subjectId": ("par", "plain partner"),
    "subscriptionId": ("sub", "own subscription"),
    "successorOfferId": ("off", "second offer"),
    "targetCostCenterId": ("cce", "cost center of other"),
    "targetPartnerId": ("par", "spare partner"),
    "targetTenantId": ("ten", "other tenant"),
    "textModuleId": ("txt", "text"),
    "userId": ("usr", "user"),
}
"""Fields that hold ids: the prefix, and which record is meant unless a mutation says another."""

OTHERWISE: Mapping[str, tuple[str, str]] = {
    "activateOrganization.organizationId": ("org", "inactive organization"),
    "acceptConnection.connectionId": ("con", "invitation from stranger"),
    "addPartnerRelationship.targetPartnerId": ("par", "representative"),
    "archiveCart.cartId": ("car", "plain cart"),
    "createCustomerData.customerId": ("cus", "kiel customer"),
    "createCustomerData.organizationId": ("org", "organization MUNICH"),
    "customers.effectiveData.organizationId": ("org", "organization MUNICH"),
    "customers.effectiveStatus.organizationId": ("org", "organization MUNICH"),
    "deactivateOrganization.organizationId": ("org", "organization ALTONA"),
    "declineConnection.connectionId": ("con", "invitation from stranger"),
    "deleteRole.roleId": ("rol", "unused role"),
    "enableUser.userId": ("usr", "disabled user"),
    "inviteTenant.targetTenantId": ("ten", "another stranger"),
    "linkProvidedCustomer.subscriptionId": ("sub", "mirror"),
    "moveOrganization.organizationId": ("org", "organization KIEL"),
    "moveOrganization.parentId": ("org", "organization SOUTH"),
    "placeOrganization.organizationId": ("org", "loose organization"),
    "reactivateOffer.offerId": ("off", "archived offer"),
    "removePartnerRole.partnerId": ("par", "spare partner"),
    "removeUserFromOrganization.organizationId": ("org", "organization KIEL"),
    "renameOrganization.organizationId": ("org", "organization KIEL"),
    "setCustomerRepresentatives.representatives.partnerId": ("par", "representative"),
    "setInvoiceRecipients.recipients.partnerId": ("par", "kiel customer"),
    "setPartnerAddresses.partnerId": ("par", "plain partner"),
    "takeOverCustomerData.organizationId": ("org", "organization HAMBURG"),
    "takeOverCustomerDataEditing.customerId": ("cus", "inheriting customer"),
    "takeOverCustomerDataEditing.organizationId": ("org", "organization KIEL"),
    "unblockConnection.connectionId": ("con", "blocked connection"),
    "undoCancellation.subscriptionId": ("sub", "cancelled subscription"),
    "withdrawConnection.connectionId": ("con", "invitation to stranger"),
}
"""Which record a mutation or a query means by a field, where it is another than usual."""

VALUES: Mapping[str, Any] = {
    "abcClass": "A",
    "accessRight": "LESEN",
    "accountingPeriodMonths": 1,
    "additionalLine": "Hinterhaus",
    "amount": "12.50",
    "cancellationPeriodDays": 30,
    "city": "Hamburg",
    "code": "FRESH",
    "country": "DE",
    "countryCode": "DE",
    "debtorAccount": "10009",
    "defaultCustomerStatus": "RELEASED",
    "description": "eine Beschreibung",
    "email": "neu@amsel.example",
    "expectedVersion": 1,
    "expiresAt": "2031-01-01T00:00:00Z",
    "externalNumber": "E-1",
    "first": 1,
    "firstName": "Frida",
    "folder": "Ordner",
    "format": "X",
    "internalTitle": "Neuer Titel",
    "invoiceDueDays": 14,
    "issuer": "test:issuer",
    "label": "Bezeichnung",
    "language": "de",
    "last": 999_999,
    "lastName": "Neu",
    "ledger": "8400",
    "legalText": "Es gelten die AGB.",
    "name": "Neuer Name",
    "number": "99001",
    "paymentTerm": "30 days net",
    "postOfficeBox": "1234",
    "postalCode": "20457",
    "purchaseNumber": "PN-1",
    "quantity": 1,
    "reference": "Überweisung",
    "region": "HH",
    "salutation": "Frau",
    "searchTerm": "neu",
    "sequence": 1,
    "shortDescription": "kurz",
    "street": "Hafenstraße 2",
    "subject": "somebody-new",
    "summary": "kurz",
    "taxClassification": "DOMESTIC",
    "termMonths": 12,
    "text": "https://hilfe.example/neu",
    "title": "Titel",
    "titleAddition": "Zusatz",
    "typeCode": "SISTER",
    "value": "neu@amsel.example",
    "withdrawalInstruction": "Widerruf",
}
"""Texts and numbers by the name of their field."""

SCALARS: Mapping[str, Any] = {
    "Boolean": False,
    "CurrencyCode": "EUR",
    "Date": "2030-12-31",
    "DateTime": "2031-01-01T00:00:00Z",
    "EmailAddress": "neu@amsel.example",
    "LanguageCode": "de",
    "URL": "https://hilfe.example/neu",
}
"""Values of types that say all by themselves."""

SAID: Mapping[str, Any] = {
    "archiveOffer.mode": "SUCCESSOR",
    "assignPartnerRole.role": "SUPPLIER",
    "createCustomer.data.status": "RELEASED",
    "createNumberRange.category": "PARTNER",
    "createNumberRange.code": "FRESH",
    "createNumberRange.components": [{"kind": "CONSTANT", "format": "N-"}, {"kind": "COUNTER", "format": "000000"}],
    "createOffer.offerType": "SUBSCRIPTION_TIME",
    "createCrossClientOffer.offerType": "SUBSCRIPTION_TIME",
    "createOrganization.structure": "SALES",
    "createPartner.roles": ["SUPPLIER"],
    "createPartner.type": "ORGANIZATION",
    "createPartner.language": "de",
    "createRole.areas": [],
    "createUser.kind": "STAFF",
    "removePartnerRole.role": "SUPPLIER",
    "setCustomerStatus.status": "BLOCKED",
    "settlePayoutEntry.settlementStatus": "SETTLED",
    "takeOverCustomerData.confirmDiscard": True,
    "updateRole.areas": [],
    "updateTenantSettings.contentBasedPermissions": True,
    "updateCompanySettings.crossClientConnections": True,
}
"""What a mutation is given where the usual value would not do."""

LEFT_OUT: Mapping[str, frozenset[str]] = {
    "addCartItem": frozenset({"externalOfferId", "leadingItemId", "defaultSelected"}),
    "archiveOffer": frozenset({"textModuleId"}),
    "cancelSubscription": frozenset({"endsOn"}),
    "createCart": frozenset({"items.externalOfferId", "items.leadingItem", "items.defaultSelected"}),
    "createCrossClientOffer": frozenset({"selfServiceHint", "products.id", "products.costCenterId"}),
    "createCustomer": frozenset({"data.blockedUntil", "data.minimumOrderValue"}),
    "createCustomerData": frozenset({"data.blockedUntil", "data.minimumOrderValue"}),
    "createOffer": frozenset({"selfServiceHint", "targetTenantId", "products.id", "products.targetCostCenterId"}),
    "createPartner": frozenset({"firstName", "lastName", "salutation", "title"}),
    "createUser": frozenset({"partnerId"}),
    "setCustomerRepresentatives": frozenset({"representatives.id"}),
    "setInvoiceRecipients": frozenset({"recipients.id"}),
    "updateCustomerData": frozenset({"minimumOrderValue"}),
    "updateOffer": frozenset({"selfServiceHint", "products.targetCostCenterId"}),
    "updatePartner": frozenset({"firstName", "lastName", "salutation", "title"}),
    "updateNumberRange": frozenset({"components"}),
}
"""What a mutation is not given because it would contradict the rest; ids among it are given one at a time."""

INSTEAD: Mapping[str, frozenset[str]] = {
    "externalOfferId": frozenset({"offerId"}),
    "leadingItemId": frozenset({"offerId"}),
}
"""What goes when a field that is left out is given."""

TOGETHER: Mapping[str, str] = {"leadingItemId": "externalOfferId"}
"""What must be given with a field, so that it means something."""


RECORDS: Mapping[str, Sequence[str]] = {
    "aud": ("audit entry",),
    "cko": ("checkout in Kiel",),
    "com": ("company",),
    "evt": ("notice",),
    "prv": ("provided grant",),
    "rty": ("relationship type",),
}
"""Records of prefixes that no input names."""


class NoEntry(Exception):
    """A field that nobody wrote into the dictionary: say which record or value it means."""


def key_of(mutation: str, path: tuple[str, ...]) -> tuple[str, str]:
    """The prefix and the record that an id field of a mutation means."""
    full = ".".join((mutation, *path))
    found = OTHERWISE.get(full) or IDS.get(".".join(path[-2:])) or IDS.get(path[-1])
    if found is None:
        raise NoEntry(full)
    return found


def value_of(mutation: str, path: tuple[str, ...], type_: str) -> Any:
    """The text or number of a field."""
    full = ".".join((mutation, *path))
    for table, key in ((SAID, full), (VALUES, path[-1]), (SCALARS, type_)):
        if key in table:
            return table[key]
    raise NoEntry(full)


def id_of(twin: Twin, prefix: str, name: str) -> str | None:
    """The global id of a record of this name, if the tenant has one."""
    if name.startswith(OWN_ORGANIZATIONS):
        found = twin.home.organizations.get(name.removeprefix(OWN_ORGANIZATIONS))
    else:
        found = twin.id if name == "tenant" else twin.own.get(name)
    return None if found is None else f"{prefix}_{found}"
