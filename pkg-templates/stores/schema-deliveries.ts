/** The table of deliveries: statements that may run again over their own outcome. */
export function deliveriesTable({
	sequence,
	integer,
	text,
	options,
}: {
	readonly sequence: string;
	readonly integer: string;
	readonly text: string;
	readonly options: string;
}): readonly string[] {
	return [
		`CREATE TABLE IF NOT EXISTS deliveries (
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
		`CREATE INDEX IF NOT EXISTS deliveries_urgent ON deliveries (app_id, deadline, sequence)
			WHERE attempt_at IS NOT NULL`,
		"CREATE INDEX IF NOT EXISTS deliveries_attempt ON deliveries (app_id, attempt_at) WHERE attempt_at IS NOT NULL",
		`CREATE INDEX IF NOT EXISTS deliveries_notice ON deliveries (app_id, notice_at, sequence)
			WHERE notice_at IS NOT NULL`,
		"CREATE INDEX IF NOT EXISTS deliveries_leased ON deliveries (lease_token) WHERE lease_token IS NOT NULL",
		"CREATE INDEX IF NOT EXISTS deliveries_state ON deliveries (state, sequence)",
	];
}
