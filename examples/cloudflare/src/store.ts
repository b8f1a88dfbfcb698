// Where alarms and deliveries are kept. For the Durable Object's own SQLite: "./store.durable-object.js".
export { storeOf } from "./store.d1.js";
