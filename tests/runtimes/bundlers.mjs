// Each bundler, as its documentation sets it up for a page: from a project to a folder with `page.js` in it.

import { join } from "node:path";

const entry = "page.mjs";

export const bundlers = {
	async esbuild(project, outdir) {
		const { build } = await import("esbuild");
		await build({
			absWorkingDir: project,
			entryPoints: { page: entry },
			outdir,
			bundle: true,
			minify: true,
			format: "esm",
			platform: "browser",
			logLevel: "silent",
		});
	},

	async Rollup(project, outdir) {
		const { rollup } = await import("rollup");
		const { nodeResolve } = await import("@rollup/plugin-node-resolve");
		const bundle = await rollup({ input: join(project, entry), plugins: [nodeResolve()] });
		await bundle.write({ dir: outdir, format: "es", entryFileNames: "page.js" });
		await bundle.close();
	},

	async Vite(project, outdir) {
		const { build } = await import("vite");
		await build({
			root: project,
			configFile: false,
			logLevel: "silent",
			build: {
				outDir: outdir,
				rollupOptions: { input: join(project, entry), output: { entryFileNames: "page.js" } },
			},
		});
	},

	async webpack(project, outdir) {
		const { default: webpack } = await import("webpack");
		const compiler = webpack({
			context: project,
			mode: "production",
			target: "web",
			entry: { page: `./${entry}` },
			output: { path: outdir },
			performance: false,
		});
		const stats = await new Promise((resolve, reject) => {
			compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
		});
		if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
	},
};
