// The route handler of examples/next, given real requests without Next.js around it; `node next.mjs` has the real one.
import { createServer } from "node:http";
import { toNodeListener } from "paysign/node";

const route = await import(process.argv[2]);
const listener = toNodeListener((request) => route[request.method](request));
const server = createServer(listener);
server.listen(0, "127.0.0.1", () => {
	console.log(`listening at http://127.0.0.1:${server.address().port}/wxpay/alarm`);
});
