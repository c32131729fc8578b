"""Customers as the client sees them: what counts where, who may use them, and their accounting data."""

from schema.customers.mutations import CustomerMutation
from schema.customers.queries import CustomerQuery
from schema.customers.refusals import CustomerBlocked, CustomerDataInherited
from schema.customers.types import Customer, CustomerData, PartnerAccounting

__all__ = [
    "Customer",
    "CustomerBlocked",
    "CustomerData",
    "CustomerDataInherited",
    "CustomerMutation",
    "CustomerQuery",
    "PartnerAccounting",
]
