/** Whether the request's bearer token is the key, found out in a time that says nothing about either. */
export async function hasBearer(request: Request, key: string): Promise<boolean> {
	const [, token = ""] = /^bearer +(.+)$/i.exec(request.headers.get("authorization") ?? "") ?? [];
	// Digests have one length; comparing the texts would tell the key's.
	const [given, wanted] = await Promise.all([digestOf(token), digestOf(key)]);
	return crypto.subtle.timingSafeEqual(given, wanted);
}

function digestOf(text: string): Promise<ArrayBuffer> {
	return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
}
