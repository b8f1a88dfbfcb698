// What build.mjs makes.

declare module "made:worker" {
	/** The worker's source. */
	const source: string;
	export default source;
}

declare module "made:examples" {
	const examples: readonly import("./examples.ts").Example[];
	export default examples;
}

declare module "made:messages" {
	/** What `describeMessages` of the package says. */
	const messages: readonly import("paysign/diagnose").MessageDescription[];
	export default messages;
}
