"""Dockerfiles for .NET: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.dotnet import DotNet
from rewrite.recipes.goldens import project, written


def test_what_is_published(tmp_path: Path) -> None:
    """ASP.NET listens where the original does."""
    before = """\
FROM mcr.microsoft.com/dotnet/sdk:8.0
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /app
WORKDIR /app
EXPOSE 5000
ENV ASPNETCORE_URLS=http://+:5000
ENTRYPOINT ["dotnet", "Shop.dll"]
"""
    after = """\
FROM mcr.microsoft.com/dotnet/sdk:8.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /app
WORKDIR /app
ENV ASPNETCORE_URLS=http://+:5000

FROM mcr.microsoft.com/dotnet/aspnet:8.0
ENV ASPNETCORE_URLS=http://+:5000
WORKDIR /app
COPY --from=build /app /app
EXPOSE 5000
ENTRYPOINT ["dotnet", "Shop.dll"]
"""
    files = {
        "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><TargetFramework>net8.0</TargetFramework></Project>\n',
        "Program.cs": "return;\n",
    }
    assert written(DotNet(), project(tmp_path, before, files))["mcr.microsoft.com/dotnet/aspnet:8.0"] == after


def test_dotnet_run_becomes_publish(tmp_path: Path) -> None:
    """A console program needs only the runtime."""
    before = """\
FROM mcr.microsoft.com/dotnet/sdk:6.0
WORKDIR /src
COPY . .
# Start
CMD ["dotnet", "run", "--project", "Tool", "--", "--all"]
"""
    after = """\
FROM mcr.microsoft.com/dotnet/sdk:6.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish -c Release -o /app/publish /src/Tool/Tool.csproj

FROM mcr.microsoft.com/dotnet/runtime:6.0
WORKDIR /src
COPY --from=build /app/publish /app/publish
# Start
ENTRYPOINT ["dotnet", "/app/publish/tool-cli.dll"]
CMD ["--all"]
"""
    files = {
        "Tool/Tool.csproj": '<Project Sdk="Microsoft.NET.Sdk"><AssemblyName>tool-cli</AssemblyName></Project>\n',
        "Tool/Program.cs": "return;\n",
    }
    assert written(DotNet(), project(tmp_path, before, files))["mcr.microsoft.com/dotnet/runtime:6.0"] == after


def test_another_program_is_started(tmp_path: Path) -> None:
    """What is built is not what runs: nothing is written."""
    before = """\
FROM mcr.microsoft.com/dotnet/sdk:8.0
COPY . .
RUN dotnet publish -o /app
CMD ["dotnet", "/other/Other.dll"]
"""
    files = {"A.csproj": "<Project/>\n"}
    assert written(DotNet(), project(tmp_path, before, files)) == {}
