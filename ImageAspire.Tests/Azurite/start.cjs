// Azurite's blob service with the arguments of this program. It ends with the program that started it, however that one ends: standard
// input is a pipe whose other end only that one holds.
process.stdin.on('end', () => process.exit(0)).resume();
require('azurite/dist/src/blob/main.js');
