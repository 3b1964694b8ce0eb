/**
 * Certificates and keys in PEM files, of a server or a client, that are reloaded while connections are open. Knows no settings of
 * services and no framework; {@code io.rootstock.client} and the services build on it.
 */
package io.rootstock.client.tls;
