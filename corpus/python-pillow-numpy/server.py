import io

import numpy
from flask import Flask, request
from PIL import Image

app = Flask(__name__)


def gradient(width=64, height=64):
    return Image.fromarray(numpy.tile(numpy.linspace(0, 255, width, dtype=numpy.uint8), (height, 1)))


def encoded(image, kind):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@app.get("/")
def index():
    return f"mean {numpy.asarray(gradient()).mean():.1f}"


@app.get("/ready")
def ready():
    return "yes"


@app.get("/formats/<kind>")
def formats(kind):
    data = encoded(gradient().convert("RGB"), kind)
    return str(Image.open(io.BytesIO(data)).format)


@app.get("/label")
def label():
    from PIL import ImageDraw, ImageFont

    image = Image.new("L", (200, 40))
    font = ImageFont.truetype("DejaVuSans.ttf", 24)
    ImageDraw.Draw(image).text((0, 0), "Größe", fill=255, font=font)
    return str(image.getbbox() is not None)


@app.get("/blur")
def blur():
    from scipy import ndimage

    return f"{ndimage.gaussian_filter(numpy.asarray(gradient(), dtype=float), 2).std():.0f}"


@app.get("/solve")
def solve():
    return str(numpy.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0]).tolist())


@app.get("/spectrum")
def spectrum():
    from scipy import fft

    return str(int(abs(fft.rfft(numpy.ones(8)))[0]))


@app.get("/code")
def code():
    import qrcode

    return str(qrcode.make("hello").size)


@app.post("/size")
def size():
    return str(Image.open(io.BytesIO(request.get_data())).size)
