/** HTTP routes of the registry. */
package io.rootstock.registry.http;
