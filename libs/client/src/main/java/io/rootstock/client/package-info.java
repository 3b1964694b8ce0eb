/** gRPC channels to services, with TLS and a bearer token, as the services and the command line open them. */
package io.rootstock.client;
