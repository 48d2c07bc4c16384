FROM node:22
WORKDIR /srv
COPY package.json package-lock.json ./
RUN npm install --omit=dev && npm cache clean --force
USER 1000
