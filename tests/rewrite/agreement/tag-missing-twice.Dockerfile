FROM golang AS build
RUN go build -o /app ./cmd/app
FROM alpine
COPY --from=build /app /app
USER 1000
