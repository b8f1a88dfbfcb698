import { columnTypes, type SqlDatabase } from "./sql.js";

type Dialect = SqlDatabase["dialect"];

/** How a dialect says what the tables need. */
interface Words {
	readonly integer: string;
	readonly text: string;
	readonly bytes: string;
	/** A number that grows with each row and never comes back, not even after its row was deleted. */
	readonly sequence: string;
	/** What comes after the columns. */
	readonly options: string;
}

const words: Readonly<Record<Dialect, Words>> = {
	sqlite: { ...columnTypes.sqlite, sequence: "INTEGER PRIMARY KEY AUTOINCREMENT", options: " STRICT" },
	postgres: {
		...columnTypes.postgres,
		sequence: "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
		options: "",
	},
};

/** The tables of what an outbox sends. */
export type DeliveryTable = "deliveries" | "shipments";

/** A table for an outbox. As much released as the versions below that make it: it never changes. */
function deliveryTable(table: DeliveryTable, { sequence, integer, text, options }: Words): readonly string[] {
	return [
		`CREATE TABLE IF NOT EXISTS ${table} (
			sequence ${sequence},
			delivery_key ${text} NOT NULL UNIQUE,
			app_id ${text} NOT NULL,
			delivery ${text} NOT NULL,
			goods ${text} NOT NULL CHECK (goods IN ('virtual', 'physical')),
			paid_at ${integer} NOT NULL,
			deadline ${integer} NOT NULL,
			enqueued_at ${integer} NOT NULL,
			state ${text} NOT NULL CHECK (state IN ('waiting', 'needs-human', 'expired', 'delivered')),
			attempt_at ${integer},
			notice_at ${integer},
			attempts ${integer} NOT NULL,
			owed ${text} NOT NULL,
			owed_since ${integer},
			warned_at ${integer},
			delivered_at ${integer},
			last_code ${text},
			last_errcode ${integer},
			last_sentence ${text},
			lease_token ${text},
			lease_until ${integer}
		)${options}`,
		// In the order in which rows are leased, so that a lease reads about as many as it takes.
		`CREATE INDEX IF NOT EXISTS ${table}_urgent ON ${table} (app_id, deadline, sequence)
			WHERE attempt_at IS NOT NULL`,
		`CREATE INDEX IF NOT EXISTS ${table}_attempt ON ${table} (app_id, attempt_at) WHERE attempt_at IS NOT NULL`,
		`CREATE INDEX IF NOT EXISTS ${table}_notice ON ${table} (app_id, notice_at, sequence)
			WHERE notice_at IS NOT NULL`,
		`CREATE INDEX IF NOT EXISTS ${table}_leased ON ${table} (lease_token) WHERE lease_token IS NOT NULL`,
		`CREATE INDEX IF NOT EXISTS ${table}_state ON ${table} (state, sequence)`,
	];
}

/**
 * What each version adds to the one before. A released entry never changes. Each statement may run again over its own
 * outcome, so a set-up that died anywhere is finished by running it once more.
 */
const versions: readonly ((words: Words) => readonly string[])[] = [
	({ sequence, integer, text, bytes, options }) => [
		`CREATE TABLE IF NOT EXISTS alarms (
			sequence ${sequence},
			dedup_key ${text} NOT NULL UNIQUE,
			app_id ${text} NOT NULL,
			error_type ${text} NOT NULL,
			description ${text} NOT NULL,
			alarm_content ${text} NOT NULL,
			time_stamp ${text} NOT NULL,
			app_signature ${text} NOT NULL,
			received_at ${integer} NOT NULL,
			handled_at ${integer}
		)${options}`,
		"CREATE INDEX IF NOT EXISTS alarms_unhandled ON alarms (sequence) WHERE handled_at IS NULL",
		`CREATE TABLE IF NOT EXISTS quarantine (
			sequence ${sequence},
			digest ${text} NOT NULL UNIQUE,
			body ${bytes} NOT NULL,
			truncated ${integer} NOT NULL CHECK (truncated IN (0, 1)),
			code ${text} NOT NULL,
			received_at ${integer} NOT NULL
		)${options}`,
	],
	(words) => deliveryTable("deliveries", words),
	(words) => [...deliveryTable("shipments", words), ...notificationTables(words)],
];

function notificationTables({ sequence, integer, text, bytes, options }: Words): readonly string[] {
	return [
		`CREATE TABLE IF NOT EXISTS notifications (
			sequence ${sequence},
			dedup_key ${text} NOT NULL UNIQUE,
			source ${text} NOT NULL CHECK (source IN ('push', 'apiv3')),
			account ${text} NOT NULL,
			type ${text} NOT NULL,
			content ${text} NOT NULL,
			is_protected ${integer} NOT NULL CHECK (is_protected IN (0, 1)),
			sent_at ${integer} NOT NULL,
			received_at ${integer} NOT NULL,
			handled_at ${integer}
		)${options}`,
		`CREATE INDEX IF NOT EXISTS notifications_unhandled ON notifications (source, sequence)
			WHERE handled_at IS NULL`,
		`CREATE TABLE IF NOT EXISTS notification_quarantine (
			sequence ${sequence},
			digest ${text} NOT NULL UNIQUE,
			source ${text} NOT NULL CHECK (source IN ('push', 'apiv3')),
			context ${text} NOT NULL,
			body ${bytes} NOT NULL,
			truncated ${integer} NOT NULL CHECK (truncated IN (0, 1)),
			code ${text} NOT NULL,
			received_at ${integer} NOT NULL
		)${options}`,
	];
}

/** The tables of the versions above. */
export const tableNames: readonly string[] = [
	"alarms",
	"quarantine",
	"deliveries",
	"shipments",
	"notifications",
	"notification_quarantine",
];

/** The version of a database that {@link schemaSteps} has been through. */
export const SCHEMA_VERSION = versions.length;

/** The statements that lead from a version to {@link SCHEMA_VERSION}; version 0 is an empty database. */
export function schemaSteps(dialect: Dialect, from: number): string[] {
	return versions.slice(from).flatMap((version) => version(words[dialect]));
}
