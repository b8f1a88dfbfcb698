import { errcodes } from "../errcodes.js";
import { shippingErrcodes } from "../shipping/errcodes.js";

const known = new Set([...errcodes, ...shippingErrcodes].map(({ errcode }) => errcode));

/** The label of an errcode. An answer can hold any number; a label for each would grow without end. */
export function errcodeLabel(errcode: number | null | undefined): string {
	if (errcode === undefined || errcode === null) return "none";
	return known.has(errcode) ? String(errcode) : "other";
}
