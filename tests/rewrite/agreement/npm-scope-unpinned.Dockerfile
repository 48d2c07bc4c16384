FROM node:22
RUN npm install --global @angular/cli && npm cache clean --force
USER 1000
