"""The task areas, each with a tree of organizations of its own."""

from enum import StrEnum


class Structure(StrEnum):
    """Sales, procurement, warehouse and logistics, accounting."""

    SALES = "SALES"
    PROCUREMENT = "PROCUREMENT"
    WAREHOUSE_LOGISTICS = "WAREHOUSE_LOGISTICS"
    ACCOUNTING = "ACCOUNTING"
