FROM alpine:3.20
RUN apk add --no-cache -X https://dl-cdn.alpinelinux.org/alpine/edge/testing kubectl=1.30.0-r0
USER 1000
