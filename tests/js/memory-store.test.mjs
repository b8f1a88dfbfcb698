import { createMemoryStore } from "paysign/stores/memory";
import { deliveryStoreContract } from "./delivery-store.contract.mjs";
import { notificationStoreContract } from "./notification-store.contract.mjs";
import { storeContract } from "./store.contract.mjs";
import { kinds } from "./support/deliveries.mjs";

storeContract("memory store", async () => createMemoryStore());
for (const kind of Object.values(kinds)) {
	deliveryStoreContract("memory store", async () => createMemoryStore(), kind);
}
notificationStoreContract("memory store", async () => createMemoryStore());
