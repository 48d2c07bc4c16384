require('worker_threads').parentPort.postMessage('from another thread');
