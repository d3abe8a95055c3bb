"""The group of commands with its global options, and the one place where exceptions become exit codes.

In: `sys.argv`. Out: an exit code. The commands stand next door, one file a family.
"""

from __future__ import annotations

import importlib
import sys
from datetime import datetime
from pathlib import Path

import click

from briefings import __version__
from briefings.cli.session import Session
from briefings.errors import BriefingsError, RequestError

#: Command -> the module it stands in; imported when it is called.
COMMANDS = {
    "init": "project",
    "check": "project",
    "schema": "project",
    "doctor": "project",
    "ingest": "work",
    "build": "work",
    "preview": "work",
    "due": "schedule",
    "run": "schedule",
    "send": "send",
    "approve": "schedule",
    "reject": "schedule",
    "editions": "editions",
    "trace": "editions",
    "lint": "lint",
    "data": "data",
    "extract": "extract",
    "review": "review",
}


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"briefings.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with a suggestion for a command that is not there."""
        if args and args[0] not in COMMANDS:
            from briefings.configuration import one_of

            ctx.fail(one_of(args[0], COMMANDS, "command"))
        return super().resolve_command(ctx, args)


class Instant(click.ParamType[datetime]):
    """A day or an instant, ISO 8601; without a zone it is taken in this machine's."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no instant; write 2026-07-20 or 2026-07-20T08:00+08:00", param, ctx)
        return found if found.tzinfo else found.astimezone()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--project", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")
@click.option("--now", type=Instant(), help="The clock: run as if it were then.")
@click.option("-v", "--verbose", count=True, help="Say more; twice: show tracebacks.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what failed.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="How messages are written.")
@click.version_option(__version__, prog_name="briefings")
@click.pass_context
def cli(ctx: click.Context, project: Path, now: datetime | None, verbose: int, quiet: bool, log_format: str) -> None:
    """Periodic briefings, in English and Chinese, whose every number can be followed to its source."""
    ctx.obj = Session(project, now or datetime.now().astimezone(), verbose, quiet, as_json=log_format == "json")
    if verbose >= 2 or log_format == "json":
        from briefings.cli.traces import traced

        ctx.with_resource(traced(ctx.obj))


def main() -> None:
    """Run a command; exceptions become messages and exit codes here and nowhere else."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command line. A traceback is shown only for `-v -v`."""
    verbose = sum(a.count("v") for a in arguments if a.startswith("-v") and set(a[1:]) == {"v"})
    verbose += arguments.count("--verbose")
    try:
        result = cli.main(args=arguments, prog_name="briefings", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except BriefingsError as error:
        if verbose >= 2:
            raise
        click.echo(str(error), err=True)
        return 2 if isinstance(error, RequestError) else 1
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        if verbose >= 2:
            raise
        click.echo(f"An error that this program did not foresee: {type(error).__name__}: {error}", err=True)
        click.echo("Nothing half-done was kept. Run again with -v -v to see where it happened.", err=True)
        return 1
    return result if isinstance(result, int) else 0
