FROM node:22
RUN npm install -g typescript@5.4.5 @angular/cli@18.0.0 && npm cache clean --force
USER 1000
