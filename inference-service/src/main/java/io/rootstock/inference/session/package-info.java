/**
 * The model in use by one request, for all protocols: finds and leases it, observes the request, copies it to a shadow
 * canary, and converts errors of the engine to errors with typed details.
 */
package io.rootstock.inference.session;
