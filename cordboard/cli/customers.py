"""`cordboard customers`: tells call flows what customers' records say, from a CSV file.

The first column is `number` (E.164); every other column is a fact, such as `segment`, `language` or
`case.state`, that flows find as `caller.segment` and so on. An empty field forgets the fact. The
numbers themselves are not kept: facts lie under the customers' pseudonyms.
"""

import csv
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from cordboard.cli.output import OUT, UserError
from cordboard.cli.releases import Centre, Data, settings_of, store_of

_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")


def customers(
    file: Annotated[Path, typer.Argument(help="A CSV file: number, then facts.")],
    centre: Centre,
    data: Data = Path("data"),
) -> None:
    """Keep facts of customers' records for their next calls; CORDBOARD_SECRET names them."""
    from cordboard.runtime.callers import FactError, RedisCallers
    from cordboard.runtime.sealing import Pseudonyms

    settings = settings_of(centre)
    try:
        names = Pseudonyms(os.environ.get("CORDBOARD_SECRET", ""))
    except ValueError as error:
        raise UserError(str(error)) from error
    rows = list(_rows(file))
    with store_of(settings.site, data) as (store, client):
        callers = RedisCallers(store, client)
        for line, number, facts in rows:
            try:
                callers.tell(names.by_number(number), facts)
            except FactError as error:
                raise UserError(f"{file}:{line}: {error}") from error
    OUT.print(f"{len(rows)} customers are known to the call flows of {settings.site}.")


def _rows(file: Path) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """Yield line, number and facts of each customer; nothing is kept if one of them is wrong."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            reader = csv.DictReader(opened, restval="")
            if not reader.fieldnames or reader.fieldnames[0] != "number":
                raise UserError(f"{file}: the first column must be 'number'")
            for row in reader:
                number = row.pop("number").strip()
                if None in row or not _NUMBER.fullmatch(number):
                    raise UserError(
                        f"{file}:{reader.line_num}: needs a number such as +442079460100 and no"
                        " more fields than there are columns"
                    )
                yield reader.line_num, number, {name: text.strip() for name, text in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"cannot read {file}: {error}") from error
