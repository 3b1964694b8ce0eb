/** Settings, start and stop of the registry. No other package depends on this one. */
package io.rootstock.registry.config;
