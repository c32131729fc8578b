"""What web workers and the job worker have in common, imported once in the process that they are forked from."""

import gc

import cli.main  # noqa: F401  # what the processes import of it
import jobs.worker  # noqa: F401
import web.app  # noqa: F401
from schema import roots

roots.staff()
roots.portal()
# what is there by now stays; a collection that looked at it would copy its pages into every worker
gc.freeze()
