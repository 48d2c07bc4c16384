require('http').get('http://localhost:6001/up', (response) => process.exit(response.statusCode === 200 ? 0 : 1));
