// The table of faults: what each is, how often it is tried in the tests and in the long run, and what tries it.
import { corrupt } from "./corrupt.mjs";
import { countSyncs, failSyncs, fillDisk } from "./disk.mjs";
import { burst, killAtRandom, killBeforeAnswer, terminate } from "./kill.mjs";
import { lock } from "./locked.mjs";
import { outage } from "./outage.mjs";
import { restartPostgres } from "./postgres-restart.mjs";
import { slowloris } from "./slowloris.mjs";
import { stampede } from "./token-stampede.mjs";
import { trap } from "./trap.mjs";
import { failUpstream, rotateTokens } from "./upstream.mjs";

/** Over every store that the outbox's suite runs on. */
const everyOutbox = (name) =>
	["outbox", "sqlite-outbox", "postgres-outbox", "workerd-outbox"].map((file) => [file, name]);

/**
 * A row has `run`, which is given `short` or `long` with a `folder` and a `log`, and returns what happened: how often it
 * was tried, what was `lost`, what went `wrong` otherwise, the `seconds` to recover, and whether it is `ok` beyond these.
 * Or it has `tests`: files of tests/js with the names of their tests, which are the whole proof.
 */
export const faults = [
	{
		fault: "F1",
		name: "kill-9",
		what: "kill -9 of the server at random moments, under load",
		run: killAtRandom,
		short: { kills: 6, controlKills: 4, acknowledgements: 60 },
		long: { kills: 600, controlKills: 30, acknowledgements: 10_000 },
	},
	{
		fault: "F2",
		name: "kill-before-answer",
		what: "kill -9 between commit and answer",
		run: killBeforeAnswer,
		short: { kills: 3 },
		long: { kills: 50 },
	},
	{
		fault: "F3",
		name: "fsync",
		what: "power cut: is there a sync before each acknowledgement?",
		run: countSyncs,
		short: { alarms: 20 },
		long: { alarms: 500 },
	},
	{
		fault: "F4",
		name: "fsync-eio",
		what: "fsync fails with EIO, three times in a row",
		run: failSyncs,
		short: { tries: 2 },
		long: { tries: 40 },
	},
	{
		fault: "F5",
		name: "disk-full",
		what: "the disk is full (ulimit -f)",
		run: fillDisk,
		short: { tries: 1 },
		long: { tries: 20 },
	},
	{
		fault: "F6",
		name: "locked",
		what: "another process holds the database's write lock",
		run: lock,
		short: { holdMs: 11_000 },
		long: { holdMs: 20_000 },
	},
	{
		fault: "F6",
		name: "locked-stores",
		what: "a lock that outlasts the wait, in each store",
		tests: [
			["sqlite-group-commit", "tells everybody at once that the database is locked, and waits for it once"],
			["postgres-store", "waits for a lock until its time is over, and leaves nobody waiting in the server"],
		],
	},
	{
		fault: "F7",
		name: "postgres-restart",
		what: "PostgreSQL is restarted under load: fast, immediate, kill -9",
		run: restartPostgres,
		short: { rounds: 3 },
		long: { rounds: 15 },
	},
	{
		fault: "F8",
		name: "corrupt",
		what: "the file is damaged: zeroes, noise, a cut end",
		run: corrupt,
		short: { files: 9 },
		long: { files: 300 },
	},
	{
		fault: "F9",
		name: "set-up",
		what: "set-up or migration is cut off at each of its statements",
		tests: [
			["sqlite-store", "is set up again after a death at any call of the set-up"],
			["sqlite-migration", "is finished after a death at any call on the way"],
			["postgres-store", "is finished by the next start, wherever it was cut off"],
			["workerd-stores", "is finished by the next caller, wherever it failed"],
		],
	},
	{
		fault: "F10, F11",
		name: "upstream",
		what: "WeChat's side answers with 5xx, slowly, by half, with HTML or a gzip bomb",
		run: failUpstream,
		short: { rows: 10 },
		long: { rows: 500 },
	},
	{
		fault: "F12",
		name: "network",
		what: "nothing listens, a certificate is wrong, a proxy wants a password; no token in any error",
		tests: [
			["client-faults", "nothing listens: NETWORK with the system's reason"],
			["client-faults", "a self-signed certificate is refused, and nothing was sent"],
			["client-faults", "a proxy that wants a password (HTTP 407) is retryable"],
			["client-faults", "nothing of what fetch throws is repeated but a system code"],
		],
	},
	{
		fault: "F13",
		name: "token-rotated",
		what: "somebody else takes a token and so kills ours",
		run: rotateTokens,
		short: { deliveries: 20 },
		long: { deliveries: 1_000 },
	},
	{
		fault: "F14",
		name: "token-stampede",
		what: "many processes begin to send at once, without a token",
		run: stampede,
		short: { processes: 8, sends: 20 },
		long: { processes: 50, sends: 100 },
	},
	{
		fault: "F15",
		name: "worker-dies",
		what: "a worker dies between WeChat's answer and its commit: one repetition",
		tests: everyOutbox("that die after WeChat's answer cause one more notification, not two"),
	},
	{
		fault: "F16",
		name: "many-workers",
		what: "20 workers, 10,000 rows: no row is on its way twice at a time, none is left out",
		tests: [
			["sqlite-outbox", "never send one row at the same time, and leave none out"],
			["postgres-outbox", "never send one row at the same time, and leave none out"],
		],
		env: { PAYSIGN_OUTBOX_ROWS: "10000" },
	},
	{
		fault: "F17",
		name: "clock-jumps",
		what: "the clock jumps by a day, forward and back",
		tests: everyOutbox("comes no earlier because the clock jumps"),
	},
	{
		fault: "F18",
		name: "outage",
		what: "an outage of 23 h 50 min of 24 h",
		run: outage,
		short: { rows: 3, hours: 1 },
		long: { rows: 100, hours: 24 },
	},
	{
		fault: "F19",
		name: "poison-row",
		what: "a row that always fails, and one that never ends",
		tests: everyOutbox("are not held up by a row that always fails, nor by one that never ends"),
	},
	{
		fault: "F20",
		name: "replays",
		what: "1,000 replays of one alarm in six disguises",
		tests: [
			["receiver-durability", "answers 1,000 replays in every disguise with success, and has one alarm"],
		],
	},
	{
		fault: "F21",
		name: "burst",
		what: "a burst of alarms",
		run: burst,
		short: { alarms: 500 },
		long: { alarms: 50_000 },
	},
	{
		fault: "F22",
		name: "slowloris",
		what: "connections that never finish a request",
		run: slowloris,
		short: { sockets: 1_000, seconds: 3, untilCut: false },
		long: { sockets: 1_000, seconds: 10, untilCut: true },
	},
	{
		fault: "F23",
		name: "sigterm",
		what: "SIGTERM under load",
		run: terminate,
		short: { rounds: 3 },
		long: { rounds: 50 },
	},
	{
		fault: "F24",
		name: "trap",
		what: "the WebAssembly module traps in the middle of a request",
		run: trap,
		short: { traps: 1_000 },
		long: { traps: 5_000 },
	},
	{
		fault: "F25",
		name: "workerd",
		what: "workerd restarts, a Durable Object is evicted, D1 is out of reach",
		tests: [
			["workerd-stores", "their rows outlive workerd, and the object that kept them"],
			["workerd-stores", "D1 store: a database that is out of reach is worth another try"],
		],
	},
	{
		fault: "F26",
		name: "quarantine-flood",
		what: "a flood of refused bodies",
		tests: [["receiver-quarantine", "is not rewritten by a flood"]],
	},
	{
		fault: "F27",
		name: "rights",
		what: "read-only file, missing rights, several processes on one file, a server that would lose",
		tests: [
			["sqlite-store", "a file that cannot be written"],
			["sqlite-store", "what this process may not write"],
			["sqlite-store", "may be new to several processes at once"],
			["postgres-store", "refuses a server that would lose what it acknowledged, now and later"],
		],
	},
	{
		fault: "F28",
		name: "backup",
		what: "a copy is made while alarms arrive",
		tests: [["sqlite-migration", "made with VACUUM INTO while alarms arrive is whole, and opens as a store"]],
	},
];
