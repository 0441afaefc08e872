"""The subcommands of `huiyin`, a module each: `add_arguments(parser)`, and `run(options)` that returns the exit status."""


class Failed(Exception):
    """The command could not do it; the message is the one line the operator sees."""
