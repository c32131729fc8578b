"""Whether a freshly migrated database is what the models declare: tables, policies, grants, functions.

`python -m tests.check_database` prints a sentence for each difference and fails when there is one.
"""

import sys

from migrations import run
from tests import _postgres


def differences() -> list[str]:
    """Migrate a throw-away database, and say where it is not what the models say."""
    made = _postgres.empty()
    try:
        run.upgrade(made.for_migrations())
        return run.check(made.for_migrations())
    finally:
        _postgres.drop(made)


def main() -> None:
    """Print what differs; fail when something does."""
    found = differences()
    for sentence in found:
        print(sentence)  # noqa: T201 - its purpose
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
