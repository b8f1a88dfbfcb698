import { DurableObject } from "cloudflare:workers";
import type { AlarmStore, Client, DeliveryOutbox, DeliveryStore } from "paysign";
import { clientOf, outboxOf } from "./account.js";
import type { Env, Kept } from "./env.js";
import { complain, describe, tell } from "./report.js";
import { storeOf } from "./store.js";
import { createTokenStore } from "./token-store.js";

/** At most so many deliveries in one run: each takes a few calls, and the Free plan allows a run fifty. */
const rowsInRun = 10;
/** Between runs while a backlog is sent, in milliseconds. */
const breath = 250;
/** After a run that could not even look at the store, in milliseconds. */
const pause = 30_000;

/**
 * What there is once for an account: who sends its deliveries, and its access token. It keeps nothing in memory that
 * matters: the platform may throw it out at any moment, and its alarm brings it back.
 */
export class Sender extends DurableObject<Env> {
	readonly #store: Kept;
	#client: Client | undefined;
	#outbox: DeliveryOutbox | undefined;
	#isFailing = false;

	constructor(context: DurableObjectState, env: Env) {
		super(context, env);
		this.#store = storeOf(env, context);
	}

	/** Has what is due sent soon. Any number of calls is as good as one. */
	async wake(): Promise<void> {
		await this.#wakeBy(Date.now());
	}

	/**
	 * Sends what is due. The store says when to look again. It never throws: after six errors in a row the platform
	 * would forget the alarm.
	 */
	override async alarm(): Promise<void> {
		try {
			const nextAt = await this.#send();
			if (nextAt !== null) await this.#wakeBy(nextAt);
			this.#isFailing = false;
		} catch (error) {
			// Before anybody is told, which may take its time.
			await this.#wakeBy(Date.now() + pause);
			complain("Deliveries cannot be sent", error);
			if (!this.#isFailing) await tell("Deliveries cannot be sent", describe(error)).catch(() => {});
			this.#isFailing = true;
		}
	}

	/** Gives when to send again, in milliseconds; `null`: when something comes in. */
	async #send(): Promise<number | null> {
		this.#outbox ??= outboxOf(this.#sendingClient(), this.#store);
		const { nextRunAt } = await this.#outbox.runOnce(rowsInRun);
		return nextRunAt === null ? null : Math.max(nextRunAt * 1000, Date.now() + breath);
	}

	/** When it wakes by itself, in Unix seconds. */
	async wakesAt(): Promise<number | null> {
		const at = await this.ctx.storage.getAlarm();
		return at === null ? null : at / 1000;
	}

	/** For other Workers of yours that call WeChat for this account: everybody uses this one. */
	accessToken(): Promise<string> {
		return this.#sendingClient().accessToken();
	}

	/** The store's alarms, for a Worker outside of the object. */
	callAlarms(method: keyof AlarmStore, values: unknown[]): Promise<unknown> {
		return call(this.#store, method, values);
	}

	/** The store's deliveries, for a Worker outside of the object. */
	callDeliveries(method: keyof DeliveryStore, values: unknown[]): Promise<unknown> {
		return call(this.#store.deliveries, method, values);
	}

	#sendingClient(): Client {
		this.#client ??= clientOf(this.env, createTokenStore(this.ctx.storage));
		return this.#client;
	}

	/** An earlier alarm stays: a delivery that came in during a run has set it. */
	async #wakeBy(at: number): Promise<void> {
		const set = await this.ctx.storage.getAlarm();
		if (set === null || set > at) await this.ctx.storage.setAlarm(at);
	}
}

function call<T extends object>(target: T, method: keyof T, values: unknown[]): Promise<unknown> {
	return (target[method] as (...values: unknown[]) => Promise<unknown>)(...values);
}
