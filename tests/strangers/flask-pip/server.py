"""A Flask server on packages from the index."""

import json
import os
from datetime import UTC
from importlib import metadata, resources

from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/")
def index():
    return '<h1>Flask</h1><a href="/healthz">healthz</a>'


@app.get("/healthz")
def healthz():
    return "ok\n"


@app.get("/solve")
def solve():
    import numpy as np

    return str(np.linalg.inv(np.array([[2.0]])).tolist())


@app.get("/polynomial")
def polynomial():
    from numpy.polynomial import Polynomial

    return str(Polynomial([0, 0, 1]).deriv()(3.0))


@app.get("/masked")
def masked():
    import numpy.ma

    return str(numpy.ma.masked_equal([1, 2], 2).sum())


@app.get("/fetch")
def fetch():
    import requests

    return requests.get(os.environ["TLS_URL"], verify="/etc/ssl/certs/ca-certificates.crt", timeout=5).text


@app.get("/authorities")
def authorities():
    import certifi

    return str(os.path.getsize(certifi.where()) > 100_000)


@app.get("/version")
def version():
    return metadata.version("flask")


@app.get("/entry")
def entry():
    return str([point.name for point in metadata.entry_points(group="console_scripts", name="flask")])


@app.get("/resource")
def resource():
    return str(len((resources.files("tzdata") / "zones").read_text()) > 1000)


@app.get("/zone")
def zone():
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(1500000000, UTC).astimezone(ZoneInfo("Asia/Tokyo")).strftime("%F %T %Z")


@app.get("/page")
def page():
    return render_template_string("{{ 'html' | upper }} {{ names | tojson }}", names=["a"])


@app.get("/session")
def session():
    from itsdangerous import URLSafeSerializer

    return URLSafeSerializer("key").loads(URLSafeSerializer("key").dumps("signed"))


@app.get("/archive")
def archive():
    import bz2
    import lzma
    import zipfile  # noqa: F401
    import zlib

    return str([len(module.compress(b"x" * 100)) < 100 for module in (bz2, lzma, zlib)])


@app.get("/digest")
def digest():
    import hashlib

    return hashlib.new("sha512_256", b"x").hexdigest() + hashlib.scrypt(b"p", salt=b"s", n=2, r=1, p=1).hex()[:8]


@app.get("/unicode")
def unicode():
    import unicodedata

    return unicodedata.name("é")


@app.get("/idna")
def idna():
    return "bücher.example".encode("idna").decode()


@app.get("/run")
def run():
    import subprocess
    import sys

    return subprocess.check_output([sys.executable, "-c", "import json, click; print(json.dumps(click.__name__))"])


@app.get("/ctypes")
def by_name():
    from ctypes import CDLL

    return str(CDLL("libc.so.6").abs(-3))


@app.post("/upload")
def upload():
    return json.dumps({name: len(file.read()) for name, file in request.files.items()} or len(request.get_data()))
