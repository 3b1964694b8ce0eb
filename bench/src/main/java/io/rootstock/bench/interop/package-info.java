/** Foreign clients on running services. */
package io.rootstock.bench.interop;
