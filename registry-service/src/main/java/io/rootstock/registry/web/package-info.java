/**
 * The web console at the registry's HTTP port: its files, sign-in by a cookie, and the RPCs of the other services, so that a
 * browser needs one address.
 */
package io.rootstock.registry.web;
