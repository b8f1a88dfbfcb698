import { createMemoryStore } from "paysign/stores/memory";
import { deliveryStoreContract } from "./delivery-store.contract.mjs";
import { notificationStoreContract } from "./notification-store.contract.mjs";
import { storeContract } from "./store.contract.mjs";

storeContract("memory store", async () => createMemoryStore());
deliveryStoreContract("memory store", async () => createMemoryStore());
notificationStoreContract("memory store", async () => createMemoryStore());
