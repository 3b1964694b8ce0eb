/**
 * TLS of a service: its gRPC server, its HTTP server and its calls to other services, with certificates that are reloaded while it
 * runs, and the names of client certificates. Roles and tokens are not decided here.
 */
package io.rootstock.service.tls;
