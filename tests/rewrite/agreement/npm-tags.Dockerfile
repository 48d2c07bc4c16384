FROM node:22
RUN npm install -g npm@latest && npm cache clean --force
USER 1000
