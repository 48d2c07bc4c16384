from importlib.metadata import version
from importlib.resources import files

from aiohttp import web

routes = web.RouteTableDef()


@routes.get("/")
async def index(request):
    return web.json_response({"almanac": version("almanac")})


@routes.get("/live")
async def live(request):
    return web.Response(text="yes")


@routes.get("/sun/{place}")
async def sun(request):
    import datetime

    from astral.geocoder import database, lookup
    from astral.sun import sun as times

    place = lookup(request.match_info["place"], database())
    noon = times(place.observer, date=datetime.date(2024, 6, 21), tzinfo=place.timezone)["noon"]
    return web.Response(text=f"{noon:%H:%M} in {place.region}")


@routes.get("/holiday/{country}/{language}")
async def holiday(request):
    import holidays

    days = holidays.country_holidays(request.match_info["country"], language=request.match_info["language"])
    return web.Response(text=days.get("2024-12-25", "none"))


@routes.get("/date/{locale}")
async def date(request):
    import datetime

    from babel.dates import format_date

    day = datetime.date(2024, 3, 1)
    return web.Response(text=format_date(day, format="full", locale=request.match_info["locale"]))


@routes.get("/page")
async def page(request):
    from lxml import etree

    resources = files("almanac")
    transform = etree.XSLT(etree.fromstring(resources.joinpath("months.xsl").read_bytes()))
    text = str(transform(etree.fromstring(resources.joinpath("months.xml").read_bytes())))
    return web.Response(text=text, content_type="text/html")


@routes.get("/calendar")
async def calendar(request):
    import asyncio
    import sys

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "calendar", "2024", "2", stdout=asyncio.subprocess.PIPE
    )
    return web.Response(text=(await process.communicate())[0].decode())


@routes.post("/shift")
async def shift(request):
    text = (await request.read()).decode("utf-16")
    return web.Response(text=text.upper())


@web.middleware
async def errors(request, handler):
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        return web.Response(status=500, text=f"sorry: {type(error).__name__}")


def main():
    app = web.Application(middlewares=[errors])
    app.add_routes(routes)
    web.run_app(app, port=9000)
