FROM node:22
RUN npm install git+https://github.com/npm/cli.git#v10.8.0 && npm install git://github.com/npm/cli.git && npm cache clean --force
USER 1000
