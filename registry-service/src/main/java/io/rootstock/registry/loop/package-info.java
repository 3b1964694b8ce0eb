/** Background work of the registry that leads. */
package io.rootstock.registry.loop;
