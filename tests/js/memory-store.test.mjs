import { createMemoryStore } from "paysign/stores/memory";
import { storeContract } from "./store.contract.mjs";

storeContract("memory store", async () => createMemoryStore());
