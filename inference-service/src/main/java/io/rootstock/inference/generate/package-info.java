/**
 * What every way to call the service shares: requests are checked field by field, the served model is found and leased,
 * prompts become tokens, and what the engines give or refuse becomes pieces and typed errors. Work in flight is counted
 * here, so that the service can drain. Nothing here knows of gRPC streams or HTTP; nothing here decodes.
 */
package io.rootstock.inference.generate;
