"""Alembic's own door: `alembic upgrade head --sql`, `alembic check`; the product goes through migrations.run."""

import os
from typing import cast

from alembic import context as door
from alembic.runtime.environment import EnvironmentContext

from migrations import run

context = cast("EnvironmentContext", door)  # Alembic's module speaks for the environment that runs it

if context.is_offline_mode():
    run.write(context)
else:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        run.walk(context, connection)
    else:
        run.load_models()
        with run.locked(os.environ["KONTOR_OWNER_DATABASE_URL"]) as opened:
            run.walk(context, opened)
