import type { Metric } from "./table.js";

/** Values for the labels of a metric, in its order. */
export type Labels = ReadonlyArray<string | number>;

interface Histogram {
	/** How many were in each bucket, not counting those of the buckets below. */
	readonly counts: number[];
	sum: number;
	count: number;
}

/** Counts, and writes what it counted in the text format of Prometheus, version 0.0.4. */
export function createRegistry(table: readonly Metric[]) {
	const series = new Map<
		Metric,
		Map<string, { readonly labels: Labels; value: number; histogram?: Histogram }>
	>();
	for (const metric of table) {
		series.set(metric, new Map());
		for (const labels of metric.zeros ?? []) add(metric, labels, 0);
	}

	function at(metric: Metric, labels: Labels) {
		const ofMetric = series.get(metric) ?? new Map();
		const key = JSON.stringify(labels.map(String));
		const found = ofMetric.get(key) ?? { labels, value: 0 };
		ofMetric.set(key, found);
		return found;
	}

	function add(metric: Metric, labels: Labels, amount = 1): void {
		at(metric, labels).value += amount;
	}

	/** Replaces all there is of a gauge. */
	function set(metric: Metric, values: ReadonlyArray<readonly [labels: Labels, value: number]>): void {
		series.get(metric)?.clear();
		for (const [labels, value] of values) at(metric, labels).value = value;
	}

	function observe(metric: Metric, labels: Labels, seconds: number): void {
		const { buckets = [] } = metric;
		const found = at(metric, labels);
		found.histogram ??= { counts: buckets.map(() => 0), sum: 0, count: 0 };
		const { histogram } = found;
		const index = buckets.findIndex((bound) => seconds <= bound);
		if (index >= 0) histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
		histogram.sum += seconds;
		histogram.count += 1;
	}

	function text(): string {
		const lines: string[] = [];
		for (const [metric, ofMetric] of series) {
			if (ofMetric.size === 0) continue;
			const { name, type } = metric;
			lines.push(`# HELP ${name} ${escaped(metric.help)}`, `# TYPE ${name} ${type}`);
			for (const { labels, value, histogram } of ofMetric.values()) {
				const pairs = metric.labels.map((label, index) => [label, labels[index] ?? ""] as const);
				if (histogram === undefined) {
					lines.push(sample(name, pairs, value));
					continue;
				}
				let below = 0;
				for (const [index, bound] of (metric.buckets ?? []).entries()) {
					below += histogram.counts[index] ?? 0;
					lines.push(sample(`${name}_bucket`, [...pairs, ["le", bound]], below));
				}
				lines.push(
					sample(`${name}_bucket`, [...pairs, ["le", "+Inf"]], histogram.count),
					sample(`${name}_sum`, pairs, histogram.sum),
					sample(`${name}_count`, pairs, histogram.count),
				);
			}
		}
		return `${lines.join("\n")}\n`;
	}

	return { add, set, observe, text };
}

function sample(
	name: string,
	pairs: ReadonlyArray<readonly [string, string | number]>,
	value: number,
): string {
	const labels = pairs.map(([label, text]) => `${label}="${escaped(String(text)).replaceAll('"', '\\"')}"`);
	return `${name}${labels.length === 0 ? "" : `{${labels.join(",")}}`} ${value}`;
}

function escaped(text: string): string {
	return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
