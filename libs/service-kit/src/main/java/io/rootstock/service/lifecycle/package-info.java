/**
 * Age of gRPC connections, and the end of calls and connections when the service stops: clients leave without a failed
 * call.
 */
package io.rootstock.service.lifecycle;
