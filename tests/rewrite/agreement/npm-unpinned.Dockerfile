FROM node:22
RUN npm install -g typescript && npm cache clean --force
USER 1000
