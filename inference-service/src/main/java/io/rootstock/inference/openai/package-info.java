/**
 * The service over HTTP in OpenAI's shape. Requests are read field by field into those of the gRPC contract, which {@code
 * generate} checks and answers; pieces and refusals become OpenAI's JSON, whole or as server-sent events. Nothing here
 * decides what an option may be, finds a model or decodes; nothing here blocks an event loop.
 */
package io.rootstock.inference.openai;
