"""Dockerfiles for Java: exact texts."""

from __future__ import annotations

from pathlib import Path

from jettison.rewrite.recipes.java import Java
from rewrite.recipes.goldens import project, written


def test_a_jar_on_a_runtime(tmp_path: Path) -> None:
    """The entry point of Maven's image only fills its cache."""
    before = """\
FROM maven:3.9-eclipse-temurin-17
WORKDIR /build
COPY pom.xml .
# Once, as long as pom.xml is the same
RUN mvn -B dependency:go-offline
COPY . .
RUN mvn -B package
LABEL team=quotes
USER 1001
EXPOSE 7070
ENTRYPOINT ["java", "-Xmx64m", "-jar", "target/quotes-1.0.jar"]
"""
    after = """\
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml .
# Once, as long as pom.xml is the same
RUN mvn -B dependency:go-offline
COPY . .
RUN mvn -B package

FROM eclipse-temurin:17-jre
LABEL team=quotes
WORKDIR /build
COPY --from=build /build/config /build/config
COPY --from=build /build/target/quotes-1.0.jar /build/target/quotes-1.0.jar
USER 1001
EXPOSE 7070
ENTRYPOINT ["java", "-Xmx64m", "-jar", "target/quotes-1.0.jar"]
"""
    files = {
        "pom.xml": "<project><artifactId>quotes</artifactId><version>1.0</version></project>\n",
        "src/main/java/Main.java": "class Main {}\n",
        "config/app.yml": "a: 1\n",
    }
    assert written(Java(), project(tmp_path, before, files))["eclipse-temurin:17-jre"] == after


def test_only_the_modules_that_are_used(tmp_path: Path) -> None:
    """jlink makes a runtime of them, which needs nothing but a C library."""
    before = """\
FROM eclipse-temurin:17-jdk
WORKDIR /opt/app
COPY . .
RUN javac -d out src/*.java
CMD ["java", "-cp", "out:lib/*", "words.Main", "8080"]
"""
    after = """\
FROM eclipse-temurin:17-jdk AS build
WORKDIR /opt/app
COPY . .
RUN javac -d out src/*.java
# A Java of the modules that the program uses
RUN modules=$(jdeps --ignore-missing-deps --multi-release 17 --print-module-deps \\
      /opt/app/out /opt/app/lib/*.jar) \\
 && jlink --output /opt/java/runtime \\
      --add-modules "$modules,jdk.crypto.ec,jdk.unsupported,jdk.zipfs,java.naming,java.management,jdk.charsets" \\
      --strip-java-debug-attributes --no-man-pages --no-header-files --compress=2

FROM debian:stable-slim
ENV JAVA_HOME="/opt/java/runtime"
ENV PATH="/opt/java/runtime/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WORKDIR /opt/app
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /opt/java/runtime /opt/java/runtime
COPY --from=build /opt/app/lib /opt/app/lib
COPY --from=build /opt/app/out /opt/app/out
CMD ["java", "-cp", "out:lib/*", "words.Main", "8080"]
"""
    files = {"src/Main.java": "package words;\n\nclass Main {}\n", "lib/json.jar": ""}
    assert written(Java(), project(tmp_path, before, files))["debian:stable-slim"] == after


def test_gradle_run_becomes_a_build(tmp_path: Path) -> None:
    """The start is Java's own, without Gradle."""
    before = """\
FROM gradle:8.5-jdk17
WORKDIR /home/gradle/src
COPY . .
CMD gradle run
"""
    after = """\
FROM gradle:8.5-jdk17 AS build
WORKDIR /home/gradle/src
COPY . .
RUN gradle --no-daemon installDist

FROM gcr.io/distroless/java17-debian12:latest
WORKDIR /home/gradle/src
COPY --from=build /home/gradle/src/build/install/poll/lib /home/gradle/src/build/install/poll/lib
ENTRYPOINT []
CMD ["java", "-cp", "build/install/poll/lib/*", "org.example.App"]
"""
    files = {
        "build.gradle": "plugins { id 'application' }\napplication { mainClass = 'org.example.App' }\n",
        "settings.gradle": "rootProject.name = 'poll'\n",
        "src/main/java/App.java": "class App {}\n",
    }
    assert written(Java(), project(tmp_path, before, files))["gcr.io/distroless/java17-debian12:latest"] == after


def test_another_program_is_started(tmp_path: Path) -> None:
    """What is built is not what runs: nothing is written."""
    before = """\
FROM eclipse-temurin:17-jdk
COPY . .
RUN javac Main.java
CMD ["python3", "-m", "http.server"]
"""
    files = {"Main.java": "class Main {}\n"}
    assert written(Java(), project(tmp_path, before, files)) == {}
