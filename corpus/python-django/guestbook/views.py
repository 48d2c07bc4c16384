import csv
import io

from django.http import HttpResponse
from django.shortcuts import render

from guestbook.models import Entry


def index(request):
    return HttpResponse("<h1>Guest book</h1>")


def ping(request):
    return HttpResponse("pong")


def entries(request):
    return render(request, "guestbook/entries.html", {"entries": Entry.objects.order_by("written")})


def table(request):
    text = io.StringIO()
    csv.writer(text).writerows(Entry.objects.values_list("name", "text"))
    return HttpResponse(text.getvalue(), content_type="text/csv")


def greeting(request, language):
    from django.utils.translation import gettext, override

    with override(language):
        return HttpResponse(gettext("Thank you for your visit"))


def form(request):
    from django.forms import modelform_factory

    return HttpResponse(modelform_factory(Entry, fields=["name", "text"])().as_p())


def versions(request):
    import psycopg2

    return HttpResponse(f"libpq {psycopg2.extensions.libpq_version() // 10000}")


def checks(request):
    import subprocess

    query = ["sqlite3", "db.sqlite3", "select count(*) from guestbook_entry"]
    return HttpResponse(subprocess.run(query, check=True, capture_output=True).stdout)
