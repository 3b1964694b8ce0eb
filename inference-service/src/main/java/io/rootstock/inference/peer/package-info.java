/** The other instances of this service, which answer in place of the registry while it is unavailable. */
package io.rootstock.inference.peer;
