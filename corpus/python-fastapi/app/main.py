from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel

from app import storage

HERE = Path(__file__).parent
app = FastAPI(title="Measurements")
templates = Jinja2Templates(HERE / "templates")
storage.prepare()


class Contact(BaseModel):
    name: str
    email: str


@app.get("/")
def index() -> dict[str, str]:
    return {"service": "measurements"}


@app.get("/healthz", response_class=PlainTextResponse)
def healthz() -> str:
    return "ok"


@app.get("/table", response_class=HTMLResponse)
def table(request: Request):
    return templates.TemplateResponse(request, "table.html", {"rows": storage.rows()})


@app.get("/mean/{place}")
def mean(place: str) -> dict[str, float]:
    value = storage.mean(place)
    if value is None:
        raise HTTPException(404, f"no measurements of {place}")
    return {"mean": value}


@app.get("/local/{area}/{city}", response_class=PlainTextResponse)
def local(area: str, city: str) -> str:
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    return datetime(2024, 12, 24, 18, 0, tzinfo=UTC).astimezone(ZoneInfo(f"{area}/{city}")).isoformat()


@app.get("/compact")
def compact():
    import orjson
    from fastapi.responses import Response

    return Response(orjson.dumps({"rows": len(storage.rows())}), media_type="application/json")


@app.get("/who", response_class=PlainTextResponse)
def who() -> str:
    import getpass
    import os

    return f"{getpass.getuser()} {os.getuid()} {Path.home()}"


@app.post("/contacts")
async def contacts(request: Request) -> Contact:
    from email_validator import validate_email

    contact = Contact.model_validate_json(await request.body())
    contact.email = validate_email(contact.email, check_deliverability=False).normalized
    return contact
