FROM alpine:3.20
RUN apk add --no-cache -t .build gcc make=4.4.1-r2 && make && apk del .build
USER 1000
