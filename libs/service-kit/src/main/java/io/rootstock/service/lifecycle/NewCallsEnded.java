package io.rootstock.service.lifecycle;

/**
 * CDI event of the stop of a service: the gRPC server takes no more calls or connections. Observers finish the requests in
 * flight and return; the calls in flight that remain have {@code rootstock.shutdown.grace}.
 */
public record NewCallsEnded() {}
