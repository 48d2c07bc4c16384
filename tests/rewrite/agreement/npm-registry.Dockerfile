FROM node:22
RUN npm install --registry https://npm.example.com express && npm cache clean --force
USER 1000
