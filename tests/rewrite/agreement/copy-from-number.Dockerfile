FROM golang:1.23
RUN go build -o /app ./app
FROM debian:12
COPY --from=0 /app /app
USER 1000
