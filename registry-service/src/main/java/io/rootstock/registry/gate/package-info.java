/** Gates: rules on an alias that a version must pass before the alias points to it. */
package io.rootstock.registry.gate;
