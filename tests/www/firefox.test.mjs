import { journeys } from "./browsers/journeys.mjs";

journeys("firefox");
