package io.rootstock.service.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the stop of every service, after SIGTERM. */
@ConfigMapping(prefix = "rootstock.shutdown")
public interface ShutdownSettings {
    /**
     * Time after SIGTERM in which the service takes calls and connections as before, but reports itself NOT_SERVING and ends
     * HTTP connections after their response, so that load balancers and clients select another one. With several services
     * behind one name, longer than clients keep its addresses: gRPC in Java keeps them for 30 s. Part of the time that the
     * process has until SIGKILL. 0: none.
     */
    @WithDefault("0s")
    Duration lameDuck();

    /**
     * Maximum time that gRPC calls in flight may take afterwards, when new ones are refused; then they end with UNAVAILABLE.
     * Streams that watch changes end with UNAVAILABLE at once. Requests for inference have
     * {@code rootstock.inference.drain} before.
     */
    @WithDefault("10s")
    Duration grace();
}
