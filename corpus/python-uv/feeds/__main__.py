from pathlib import Path

from bottle import TEMPLATE_PATH, Bottle, HTTPResponse, request, template

HERE = Path(__file__).parent
TEMPLATE_PATH[:] = [str(HERE / "views")]
app = Bottle()


def entries():
    import feedparser

    return feedparser.parse((HERE / "samples" / "news.xml").read_bytes()).entries


@app.get("/")
def index():
    return "<h1>Feeds</h1>"


@app.get("/up")
def up():
    return "up"


@app.get("/news")
def news():
    return template("news", entries=entries())


@app.get("/dates")
def dates():
    import calendar
    import time

    return time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(calendar.timegm(entries()[0].published_parsed)))


@app.get("/sources")
def sources():
    import yaml

    return ", ".join(yaml.safe_load((HERE / "sources.yaml").read_text())["sources"])


@app.get("/secret")
def secret():
    from cryptography.fernet import Fernet

    box = Fernet(Fernet.generate_key())
    return box.decrypt(box.encrypt(b"for your eyes only"))


@app.get("/certificate")
def certificate():
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1()).curve.name


@app.get("/kernel")
def kernel():
    import subprocess

    return subprocess.check_output(["uname", "-s"])


@app.post("/charset")
def charset():
    import codecs

    return HTTPResponse(codecs.encode(request.body.read().decode(), "shift_jis").hex())


@app.error(404)
def missing(error):
    return template("missing", path=request.path)


if __name__ == "__main__":
    import waitress

    waitress.serve(app, host="0.0.0.0", port=7000)
