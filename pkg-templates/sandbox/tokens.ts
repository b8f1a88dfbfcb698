import { type Answer, answers } from "./answers.js";
import type { SandboxAccount } from "./types.js";

/** What a successful token call answers. */
export interface TokenAnswer {
	readonly access_token: string;
	readonly expires_in: number;
}

/** The parameters of a token call, as received. */
export type TokenCall = ReadonlyMap<string, unknown>;

/** Gives tokens out and knows which are alive (PROTOCOL 5). */
export interface TokenDesk {
	/** `/cgi-bin/token`: always a new token; the previous one dies after the overlap. */
	classic(call: TokenCall): TokenAnswer | Answer;
	/** `/cgi-bin/stable_token`: the same token until the last minutes of its life. */
	stable(call: TokenCall): TokenAnswer | Answer;
	/** Whose token it is, or why it is refused. */
	holder(token: string): SandboxAccount | Answer;
	/** All tokens ever given out, for the mask of the log. */
	issued(): readonly string[];
}

interface Token {
	readonly value: string;
	readonly account: SandboxAccount;
	readonly expiresAt: number;
	/** When a newer token kills it; later than its end of life when none does. */
	diesAt: number;
}

/** One kind of token of one account: the kinds know nothing of each other. */
interface Line {
	latest: Token | undefined;
	day: number;
	/** The calls of this day that count: all classic ones, the forced stable ones. */
	calls: number;
	forcedAt: number;
}

const classicCallsPerDay = 2000;
const forcedCallsPerDay = 20;
const secondsBetweenForced = 30;
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Makes the token desk of these accounts. */
export function createTokenDesk(options: {
	readonly accounts: ReadonlyMap<string, SandboxAccount>;
	readonly now: () => number;
	readonly random: () => number;
	readonly overlapSeconds: number;
	readonly tokenLifeSeconds: number;
}): TokenDesk {
	const { accounts, now, random, overlapSeconds, tokenLifeSeconds } = options;
	const tokens = new Map<string, Token>();
	const lines = new Map<string, Line>();

	function lineOf(kind: "classic" | "stable", account: SandboxAccount): Line {
		const name = `${kind} ${account.appId}`;
		const line = lines.get(name) ?? { latest: undefined, day: 0, calls: 0, forcedAt: -Infinity };
		lines.set(name, line);
		// Quotas start again at midnight in Beijing.
		const today = Math.floor((now() + 8 * 3600) / 86_400);
		if (line.day !== today) {
			line.day = today;
			line.calls = 0;
		}
		return line;
	}

	function issue(line: Line, account: SandboxAccount): Token {
		// The count in front keeps tokens apart even if `random` always gives the same number.
		const letters = Array.from(
			{ length: 128 },
			() => alphabet[Math.floor(random() * alphabet.length)] ?? "A",
		);
		const value = `${tokens.size + 1}_${letters.join("")}`;
		const token = { value, account, expiresAt: now() + tokenLifeSeconds, diesAt: Infinity };
		tokens.set(value, token);
		line.latest = token;
		return token;
	}

	const answerWith = ({ value, expiresAt }: Token): TokenAnswer => ({
		access_token: value,
		expires_in: expiresAt - now(),
	});

	return {
		classic(call) {
			const account = authenticate(call, accounts);
			if ("errcode" in account) return account;
			const line = lineOf("classic", account);
			if (line.calls >= classicCallsPerDay) return answers.quotaUsedUp;
			line.calls += 1;
			if (line.latest !== undefined) line.latest.diesAt = now() + overlapSeconds;
			return answerWith(issue(line, account));
		},
		stable(call) {
			const account = authenticate(call, accounts);
			if ("errcode" in account) return account;
			const line = lineOf("stable", account);
			const { latest } = line;
			if (call.get("force_refresh") === true) {
				if (latest !== undefined && now() - line.forcedAt < secondsBetweenForced) return answerWith(latest);
				if (line.calls >= forcedCallsPerDay) return answers.quotaUsedUp;
				line.calls += 1;
				line.forcedAt = now();
				if (latest !== undefined) latest.diesAt = now();
				return answerWith(issue(line, account));
			}
			const isYoung = latest !== undefined && latest.expiresAt - now() > overlapSeconds;
			// At the hand-over the old one lives on to its own end.
			return answerWith(isYoung ? latest : issue(line, account));
		},
		holder(value) {
			const token = tokens.get(value);
			if (token === undefined || now() >= token.diesAt) return answers.deadToken;
			return now() >= token.expiresAt ? answers.expiredToken : token.account;
		},
		issued: () => [...tokens.keys()],
	};
}

function authenticate(
	call: TokenCall,
	accounts: ReadonlyMap<string, SandboxAccount>,
): SandboxAccount | Answer {
	if (call.get("grant_type") !== "client_credential") return answers.badGrantType;
	const appId = call.get("appid");
	const secret = call.get("secret");
	if (typeof appId !== "string" || appId === "") return answers.noAppId;
	if (typeof secret !== "string" || secret === "") return answers.noSecret;
	const account = accounts.get(appId);
	if (account === undefined) return answers.badAppId;
	return account.appSecret === secret ? account : answers.badSecret;
}
