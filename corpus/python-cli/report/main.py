from importlib.resources import files

import click


def sales():
    import pandas

    with files("report").joinpath("sales.csv").open() as file:
        return pandas.read_csv(file, parse_dates=["day"])


@click.group()
def main():
    """Report on sales."""


@main.command()
@click.option("--by", type=click.Choice(["region", "month"]), default="region")
def totals(by):
    """Print the totals as a table."""
    from rich.console import Console
    from rich.table import Table

    frame = sales()
    keys = frame["region"] if by == "region" else frame["day"].dt.strftime("%B")
    table = Table("key", "amount", title="Totals")
    for key, amount in frame.groupby(keys, sort=True)["amount"].sum().items():
        table.add_row(str(key), f"{amount:,.2f}")
    Console(width=60).print(table)


@main.command()
def page():
    """Print a page of HTML."""
    from jinja2 import Environment, PackageLoader

    template = Environment(loader=PackageLoader("report", ""), autoescape=True).get_template("page.html.j2")
    click.echo(template.render(rows=sales().to_dict("records")))


@main.command()
@click.argument("path", type=click.Path())
def excel(path):
    """Write a workbook, and say how long it is when read again."""
    import pandas

    sales().to_excel(path, index=False)
    click.echo(f"{len(pandas.read_excel(path))} rows")


@main.command()
@click.argument("zone")
def when(zone):
    """Print when the first sale was in a time zone."""
    click.echo(sales()["day"].min().tz_localize("UTC").tz_convert(zone).isoformat())
