"""The subcommands of `huiyin`, a module each.

Its docstring is the help, `add_arguments(parser)` says what it takes, `run(options)` returns the exit status.
"""


class Failed(Exception):
    """The command could not do it; the message is the one line the operator sees."""
