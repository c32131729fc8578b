"""The error of a command that cannot go on."""


class CommandFailed(Exception):
    """A command cannot go on; the message is one sentence that says why and what to do."""
