/**
 * The registry's HTTP port: the stored artifacts, and the web console with its files, sign-in by a cookie, and the RPCs of the
 * other services, so that a browser needs one address.
 */
package io.rootstock.registry.web;
