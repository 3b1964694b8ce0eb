/** Calls to the registry for the OpenAI-compatible API. Nothing else uses them: serving follows aliases by itself. */
package io.rootstock.inference.registry;
