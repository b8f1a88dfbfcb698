// The leaf that knows `node:http`.

export { type AlarmServer, type ServeAlarmsOptions, serveAlarms } from "./node/alarms.js";
export { type NodeListenerOptions, toNodeListener } from "./node/listener.js";
export { type OperationsOptions, type OperationsServer, serveOperations } from "./node/operations.js";
