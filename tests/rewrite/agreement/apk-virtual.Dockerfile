FROM alpine:3.20
RUN apk add --no-cache --virtual .build gcc=13.2.1_git20240309-r0 && make && apk del .build
USER 1000
