"""The Maven groups of well-known artifacts whose jars may not say them, as Spring's and others of Gradle and Ant.

Each is the group under which Maven Central has the artifact in all versions in use.
"""

from __future__ import annotations

#: Group -> artifacts.
_ARTIFACTS = {
    "org.springframework": (
        "spring-aop", "spring-aspects", "spring-beans", "spring-context", "spring-context-indexer",
        "spring-context-support", "spring-core", "spring-expression", "spring-instrument", "spring-jcl", "spring-jdbc",
        "spring-jms", "spring-messaging", "spring-orm", "spring-oxm", "spring-r2dbc", "spring-test", "spring-tx",
        "spring-web", "spring-webflux", "spring-webmvc", "spring-websocket",
    ),
    "org.springframework.boot": (
        "spring-boot", "spring-boot-actuator", "spring-boot-actuator-autoconfigure", "spring-boot-autoconfigure",
        "spring-boot-devtools", "spring-boot-jarmode-layertools", "spring-boot-loader", "spring-boot-test",
        "spring-boot-test-autoconfigure",
    ),
    "org.springframework.security": (
        "spring-security-acl", "spring-security-cas", "spring-security-config", "spring-security-core",
        "spring-security-crypto", "spring-security-ldap", "spring-security-messaging", "spring-security-oauth2-client",
        "spring-security-oauth2-core", "spring-security-oauth2-jose", "spring-security-oauth2-resource-server",
        "spring-security-rsocket", "spring-security-saml2-service-provider", "spring-security-taglibs",
        "spring-security-test", "spring-security-web",
    ),
    "org.springframework.data": (
        "spring-data-commons", "spring-data-jdbc", "spring-data-jpa", "spring-data-mongodb", "spring-data-redis",
        "spring-data-relational", "spring-data-rest-core", "spring-data-rest-webmvc",
    ),
    "org.bouncycastle": (
        "bcmail-jdk15on", "bcmail-jdk18on", "bcpg-jdk15on", "bcpg-jdk18on", "bcpkix-jdk15on", "bcpkix-jdk18on",
        "bcprov-jdk15on", "bcprov-jdk18on", "bctls-jdk15on", "bctls-jdk18on", "bcutil-jdk15on", "bcutil-jdk18on",
    ),
    "com.fasterxml.jackson.core": ("jackson-annotations", "jackson-core", "jackson-databind"),
    "org.apache.logging.log4j": ("log4j-api", "log4j-core", "log4j-slf4j-impl", "log4j-slf4j2-impl"),
    "org.apache.tomcat.embed": ("tomcat-embed-core", "tomcat-embed-el", "tomcat-embed-websocket"),
    "ch.qos.logback": ("logback-classic", "logback-core"),
    "org.slf4j": ("slf4j-api",),
    "org.yaml": ("snakeyaml",),
    "com.google.guava": ("guava",),
    "com.google.code.gson": ("gson",),
    "org.jetbrains.kotlin": ("kotlin-stdlib",),
    "com.squareup.okio": ("okio",),
    "com.h2database": ("h2",),
}  # fmt: skip
#: Artifact -> group.
GROUPS = {artifact: group for group, artifacts in _ARTIFACTS.items() for artifact in artifacts}
