FROM node:22
RUN npm install --omit dev && npm cache clean --force
USER 1000
