"""What a failing database means for a caller."""

import psycopg
import psycopg_pool
import pytest
import sqlalchemy.exc
from psycopg import errors

from persistence.faults import Fault, fault_of


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (psycopg_pool.PoolTimeout("no connection"), Fault.POOL_EXHAUSTED),
        (sqlalchemy.exc.TimeoutError("QueuePool limit"), Fault.POOL_EXHAUSTED),
        (errors.TooManyConnections(), Fault.POOL_EXHAUSTED),
        (psycopg.OperationalError("server closed the connection"), Fault.DATABASE_UNAVAILABLE),
        (errors.AdminShutdown(), Fault.DATABASE_UNAVAILABLE),
        (errors.DiskFull(), Fault.DATABASE_UNAVAILABLE),
        (errors.ReadOnlySqlTransaction(), Fault.DATABASE_UNAVAILABLE),
        (errors.QueryCanceled(), Fault.TIMEOUT),
        (errors.LockNotAvailable(), Fault.TIMEOUT),
        (errors.NumericValueOutOfRange(), Fault.BAD_VALUE),
        (errors.InvalidTextRepresentation(), Fault.BAD_VALUE),
    ],
)
def test_a_failure_that_is_nobodys_mistake_is_known_bare_and_wrapped(error: Exception, fault: Fault) -> None:
    assert fault_of(error) is fault
    if isinstance(error, psycopg.Error) and not isinstance(error, psycopg_pool.PoolTimeout):
        wrapped = sqlalchemy.exc.DBAPIError.instance("select", {}, error, psycopg.Error)
        assert fault_of(wrapped) is fault


@pytest.mark.parametrize("error", [errors.UniqueViolation(), errors.UndefinedColumn(), ValueError("ours")])
def test_a_defect_is_not_taken_for_a_failing_database(error: Exception) -> None:
    assert fault_of(error) is None
