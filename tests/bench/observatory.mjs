// What Mozilla's HTTP Observatory says of a site that runs on this machine behind nginx, with ports of one's own:
//   NODE_EXTRA_CA_CERTS=ca.pem node tests/bench/observatory.mjs FOLDER_OF_THE_PACKAGE localhost 8080 8443 /login/
// FOLDER_OF_THE_PACKAGE: node_modules/@mdn/mdn-http-observatory. Ends with 1 unless no test failed and 140 was reached.
import { pathToFileURL } from "node:url";
import { join, resolve } from "node:path";

const [folder, host, httpPort, httpsPort, path = "/login/"] = process.argv.slice(2);
const part = (name) => import(pathToFileURL(join(resolve(folder), "src", name)).href);
const { retrieve } = await part("retriever/retriever.js");
const { ALL_TESTS } = await part("constants.js");
const { getScoreModifier } = await part("grader/grader.js");

const found = await retrieve(host, { httpPort, httpsPort, path });
let score = 100;
let failed = 0;
for (const test of ALL_TESTS) {
  const { result, pass } = test(found);
  const modifier = getScoreModifier(result);
  score += modifier;
  failed += pass ? 0 : 1;
  console.log(pass ? "passed" : "FAILED", String(modifier).padStart(4), result);
}
console.log(`${score} points, ${failed} failed`);
process.exit(failed || score < 140 ? 1 : 0);
