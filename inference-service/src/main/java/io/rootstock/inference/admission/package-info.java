/** Admits requests and drains them at shutdown: every request in flight holds a ticket. */
package io.rootstock.inference.admission;
