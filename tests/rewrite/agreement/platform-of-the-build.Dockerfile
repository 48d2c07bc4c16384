FROM --platform=$BUILDPLATFORM golang:1.23 AS build
ARG TARGETARCH
RUN GOARCH=$TARGETARCH go build -o /app .
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /app /app
