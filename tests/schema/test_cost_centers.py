"""Cost centers through GraphQL: named, unique in their tenant, deactivated instead of deleted."""

from typing import Any

import pytest

from tests.people import Home, House
from tests.selling import do

WHOLE = "costCenter { id code purchaseNumber label shortDescription description active version }"


async def create(home: Home, **given: Any) -> dict[str, Any]:
    return await do(home, "createCostCenter", WHOLE, **given)


async def update(home: Home, center: dict[str, Any], **changes: Any) -> dict[str, Any]:
    given = {"costCenterId": center["id"], "expectedVersion": center["version"], **changes}
    return await do(home, "updateCostCenter", WHOLE, **given)


@pytest.mark.rule("R-CC-01")
async def test_a_cost_center_has_a_code_or_a_purchase_number(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    for nothing in ({}, {"code": " ", "shortDescription": "x"}):
        refused = await create(alpha, **nothing)
        assert refused["violations"] == [{"code": "REQUIRED", "path": ["code"]}]
    by_code = (await create(alpha, code="4711"))["costCenter"]
    by_number = (await create(alpha, purchaseNumber="B-1"))["costCenter"]
    assert [by_code["label"], by_number["label"]] == ["4711", "B-1"]
    refused = await update(alpha, by_code, code=None)
    assert refused["code"] == "VALIDATION"
    assert (await update(alpha, by_code, code=None, purchaseNumber="B-2"))["costCenter"]["label"] == "B-2"


@pytest.mark.rule("R-CC-02")
async def test_a_code_or_purchase_number_stands_once_in_a_tenant(house: House) -> None:
    alpha, beta = await house.found("Alpha Verlag"), await house.found("Beta Medien")
    await create(alpha, code="4711")
    await create(alpha, purchaseNumber="B-1")
    other = (await create(alpha, code="4712"))["costCenter"]
    for given in ({"code": "4711"}, {"purchaseNumber": "B-1"}):
        assert (await create(alpha, **given))["code"] == "ALREADY_EXISTS"
    assert (await update(alpha, other, code="4711"))["code"] == "ALREADY_EXISTS"
    assert (await create(beta, code="4711"))["__typename"] == "CreateCostCenterPayload"


@pytest.mark.rule("R-CC-03")
async def test_a_cost_center_is_deactivated_and_never_deleted(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    center = (await create(alpha, code="4711", description="Nur für uns"))["costCenter"]
    closed = (await update(alpha, center, active=False))["costCenter"]
    assert (closed["active"], closed["description"], closed["version"]) == (False, "Nur für uns", 2)
    given = {
        "offerType": "SINGLE_PRODUCT",
        "internalTitle": "Buch",
        "translations": [{"language": "de", "title": "Buch", "legalText": "AGB"}],
        "products": [
            {
                "productType": "GOODS",
                "taxType": "REDUCED",
                "price": {"amount": "20.00", "currency": "EUR"},
                "costCenterId": center["id"],
            }
        ],
    }
    assert (await do(alpha, "createOffer", "offer { id }", **given))["code"] == "COST_CENTER_INACTIVE"
    await update(alpha, closed, active=True)
    assert (await do(alpha, "createOffer", "offer { id }", **given))["__typename"] == "CreateOfferPayload"
    mutations = await house.data(alpha.admin, '{ __type(name: "Mutation") { fields { name } } }')
    assert not [one for one in mutations["__type"]["fields"] if "deleteCostCenter" in one["name"]]


@pytest.mark.rule("R-00-01", "R-00-03")
async def test_another_tenants_cost_center_does_not_exist_and_a_stale_version_is_refused(house: House) -> None:
    alpha, beta = await house.found("Alpha Verlag"), await house.found("Beta Medien")
    center = (await create(alpha, code="4711"))["costCenter"]
    assert (await update(beta, center, code="1"))["code"] == "NOT_FOUND"
    await update(alpha, center, shortDescription="Neu")
    refused = await update(alpha, center, shortDescription="Alt")
    assert (refused["code"], refused["currentVersion"]) == ("CONFLICT_VERSION", 2)
    assert refused["current"] == {"id": center["id"]}


async def test_texts_that_are_too_long_are_all_named(house: House) -> None:
    alpha = await house.found("Alpha Verlag")
    refused = await create(
        alpha, code="1" * 11, purchaseNumber="2" * 21, shortDescription="3" * 21, description="4" * 401
    )
    assert [one["path"] for one in refused["violations"]] == [
        ["code"],
        ["purchaseNumber"],
        ["shortDescription"],
        ["description"],
    ]
