FROM node:latest AS assets
RUN npm run build
FROM nginx:1.27
COPY --from=assets /srv/dist /usr/share/nginx/html
USER 101
