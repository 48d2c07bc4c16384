FROM node:22 AS base
WORKDIR /srv
FROM base AS test
RUN npm test
FROM base
USER 1000
