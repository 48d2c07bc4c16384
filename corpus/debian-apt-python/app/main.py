import locale
import subprocess
from pathlib import Path

from flask import Flask, render_template, request

app = Flask(__name__)
HERE = Path(__file__).parent


def readings():
    import csv

    with open(HERE / "readings.csv", newline="") as file:
        return [(row["month"], float(row["rain"])) for row in csv.DictReader(file)]


@app.get("/")
def index():
    return "<h1>Reports</h1>"


@app.get("/table")
def table():
    return render_template("table.html", readings=readings())


@app.get("/chart")
def chart():
    import io

    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.bar(*zip(*readings(), strict=True))
    axes.set_title("Regen in één jaar")
    out = io.StringIO()
    figure.savefig(out, format="svg")
    return "drawn" if out.getvalue().count("<path") > 5 else "blank"


@app.get("/number")
def number():
    locale.setlocale(locale.LC_ALL, "")
    return locale.format_string("%.1f", 98765.4, grouping=True)


@app.get("/day")
def day():
    import datetime

    locale.setlocale(locale.LC_ALL, "")
    return datetime.date(2024, 2, 14).strftime("%A %d %B")


@app.get("/zone")
def zone():
    import datetime
    import zoneinfo

    return str(datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo("Asia/Pyongyang")).utcoffset())


@app.get("/who")
def who():
    return subprocess.check_output(["whoami"])


@app.get("/packages")
def packages():
    return subprocess.check_output(["dpkg-query", "-W", "-f", "${Status}", "nginx"])


@app.post("/upload")
def upload():
    import lzma

    return str(len(lzma.decompress(lzma.compress(request.get_data()))))


@app.errorhandler(404)
def missing(error):
    return render_template("missing.html"), 404
