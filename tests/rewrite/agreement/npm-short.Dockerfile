FROM node:22
RUN npm i -g typescript && npm cache clean --force
USER 1000
