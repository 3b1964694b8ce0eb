/** Settings, wiring, start and stop of the registry. No other package depends on this one's settings or wiring. */
package io.rootstock.registry.config;
