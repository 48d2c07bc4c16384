"""A Flask server; what most routes need is imported, opened or run when they are first asked."""

import os
import subprocess

from flask import Flask, render_template, request, send_from_directory

app = Flask(__name__)


@app.get("/")
def index():
    return '<h1>A Flask server</h1><a href="/healthz">healthz</a>'


@app.get("/healthz")
def healthz():
    return "ok\n"


@app.get("/template")
def template():
    return render_template("letter.html", name=request.args.get("name", "reader"))


@app.get("/solve")
def solve():
    import numpy

    return str(numpy.linalg.solve([[2, 0], [0, 4]], [2, 8]).tolist())


@app.get("/random")
def random():
    from numpy.random import default_rng

    return str(default_rng(1).integers(0, 10, 3).shape)


@app.get("/transform")
def transform():
    from numpy import fft

    return str(fft.fft([1, 0]).real.tolist())


@app.get("/module/<name>")
def module(name):
    from importlib import import_module

    return import_module(f"lazily.{name}").text()


@app.get("/zone")
def zone():
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(1500000000, UTC).astimezone(ZoneInfo("America/New_York")).strftime("%F %T %Z")


@app.get("/locale")
def local():
    import locale
    import time

    locale.setlocale(locale.LC_TIME, "fr_FR.UTF-8")
    try:
        return time.strftime("%A", time.gmtime(1500000000))
    finally:
        locale.setlocale(locale.LC_TIME, "C")


@app.get("/translated")
def translated():
    from gettext import translation

    return translation("app", "translations", ["de"]).gettext("Good morning")


@app.get("/fetch")
def fetch():
    from urllib.request import urlopen

    with urlopen(os.environ["TLS_URL"], timeout=5) as page:
        return page.read()


@app.get("/database")
def database():
    import sqlite3

    with sqlite3.connect(os.path.join(os.environ["UPLOADS"], "app.db")) as connection:
        connection.execute("create table if not exists t (x)")
        return str(connection.execute("select 6 * 7").fetchone()[0])


@app.get("/shell")
def shell():
    return subprocess.check_output("uname -s; seq 3 | tac | head -1", shell=True)


@app.get("/command")
def command():
    return subprocess.check_output(["tar", "--create", "--gzip", "server.py"])[:2].hex()


@app.post("/upload")
def upload():
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(request.get_data())
        file.flush()
        return f"{os.path.getsize(file.name)} bytes"


@app.get("/charset")
def charset():
    return "日本".encode("shift_jis").hex()


@app.get("/user")
def user():
    import pwd
    import socket

    return f"{pwd.getpwuid(os.getuid()).pw_name} {socket.gethostbyname('localhost')}"


@app.get("/settings")
def settings():
    import yaml

    with open("data/settings.yml", encoding="utf-8") as file:
        return str(yaml.safe_load(file)["answer"])


@app.get("/file")
def file():
    return send_from_directory("data", "picture.svg")


@app.get("/parse")
def parse():
    from xml.etree import ElementTree

    return ElementTree.parse("data/picture.svg").getroot().attrib["width"]


@app.get("/parallel")
def parallel():
    from multiprocessing import Pool

    with Pool(1) as pool:
        return str(pool.map(abs, [-3]))


@app.errorhandler(404)
def missing(_error):
    return render_template("missing.html"), 404


@app.errorhandler(500)
def broken(_error):
    return render_template("broken.html"), 500


@app.get("/broken")
def breaks():
    raise RuntimeError("on purpose")


if __name__ == "__main__":
    app.run("0.0.0.0", 8080)
