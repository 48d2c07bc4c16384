FROM node:22
RUN npm install ./vendor/thing.tgz /opt/folder && npm cache clean --force
USER 1000
