import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { type Answer, answers } from "./answers.js";
import type { SandboxFault, SandboxInjection } from "./types.js";

const page = "<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>";

type Act = (response: ServerResponse) => void;

const acts: Record<SandboxFault, Answer | Act> = {
	busy: answers.busy,
	rateLimited: answers.tooFrequent,
	expiredToken: answers.expiredToken,
	http500: (response) =>
		response.writeHead(500, { "content-type": "text/plain" }).end("Internal Server Error"),
	http502html: (response) => response.writeHead(502, { "content-type": "text/html" }).end(page),
	html: (response) => response.writeHead(200, { "content-type": "text/html" }).end(page),
	empty: (response) => response.writeHead(200).end(),
	truncated: (response) => response.writeHead(200).end('{"errcode":0,"errm'),
	notObject: (response) => response.writeHead(200).end("[]"),
	redirect: (response) => response.writeHead(302, { location: "/redirected" }).end(),
	slow: () => {},
	reset: (response) => response.socket?.resetAndDestroy(),
	gzipBomb: (response) => {
		// A good answer, so that a client without a limit would believe it.
		const token = '"access_token":"from-a-bomb","expires_in":7200';
		const json = `{"errcode":0,"errmsg":"ok",${token}${" ".repeat(4 * 1024 * 1024)}}`;
		response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(json));
	},
};

/** The faults that wait for requests. */
export interface FaultQueue {
	add(injection: SandboxInjection): void;
	/** The fault that the next request to this path meets. */
	take(path: string): SandboxFault | undefined;
}

/** Makes an empty queue. */
export function createFaultQueue(paths: readonly string[]): FaultQueue {
	const waiting: { readonly path: string; readonly fault: SandboxFault; times: number }[] = [];
	return {
		add({ path, fault, times = 1 }) {
			if (!paths.includes(path)) throw new TypeError(`inject: path has to be one of ${paths.join(", ")}.`);
			if (!Object.hasOwn(acts, fault)) {
				throw new TypeError(`inject: fault has to be one of ${Object.keys(acts).join(", ")}.`);
			}
			if (!(times >= 1)) throw new TypeError("inject: times has to be 1 or more.");
			waiting.push({ path, fault, times });
		},
		take(path) {
			const index = waiting.findIndex((injection) => injection.path === path);
			const injection = waiting[index];
			if (injection === undefined) return undefined;
			injection.times -= 1;
			if (injection.times <= 0) waiting.splice(index, 1);
			return injection.fault;
		},
	};
}

/** Lets a fault happen to an answer, or says which errcode it stands for. */
export function strike(fault: SandboxFault, response: ServerResponse): Answer | undefined {
	const act = acts[fault];
	if (typeof act !== "function") return act;
	act(response);
	return undefined;
}
