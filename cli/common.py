"""What web workers and the job worker have in common, imported once in the process that they are forked from."""

import gc

from graphql import parse, validate

import cli.main  # noqa: F401  # what the processes import of it
import jobs.worker  # noqa: F401
import web.app  # noqa: F401
from reads.check import checked
from schema import roots

for schema in (roots.staff(), roots.portal()):
    # the first document of a schema takes long; by this one it is never a person's
    validate(checked(schema).graphql, parse("{ __typename }"))
# what is there by now stays; a collection that looked at it would copy its pages into every worker
gc.freeze()
