import subprocess
from pathlib import Path

from flask import Blueprint, current_app, request

tools = Blueprint("tools", __name__)


def data(name):
    return Path(current_app.root_path, "data", name)


@tools.get("/about")
def about():
    import markdown

    return markdown.markdown(data("about.md").read_text(), extensions=["tables"])


@tools.get("/zone")
def zone():
    from datetime import datetime

    import pytz

    moment = datetime(2024, 7, 4, 9, tzinfo=pytz.utc)
    return moment.astimezone(pytz.timezone("Australia/Sydney")).strftime("%H:%M %Z")


@tools.get("/system-zone")
def system_zone():
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return str(datetime(2024, 7, 4, 9, tzinfo=ZoneInfo("America/Lima")).utcoffset())


@tools.get("/locale")
def locale_():
    import locale

    locale.setlocale(locale.LC_ALL, "fr_FR.UTF-8")
    text = locale.format_string("%.2f", 1234.5, grouping=True)
    locale.setlocale(locale.LC_ALL, "C.UTF-8")
    return text


@tools.get("/pandoc")
def pandoc():
    command = ["pandoc", "--from", "markdown", "--to", "rst", str(data("about.md"))]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@tools.get("/legacy")
def legacy():
    return data("legacy.txt").read_bytes().decode("cp1250")


@tools.post("/upload")
def upload():
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(request.get_data())
        file.flush()
        return str(Path(file.name).stat().st_size)
