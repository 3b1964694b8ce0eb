/** Settings, and how the registry's parts are put together, started and stopped. Nothing else knows of either. */
package io.rootstock.registry.config;
