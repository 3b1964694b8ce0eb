package io.rootstock.service.lifecycle;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the gRPC server of every service. */
@ConfigMapping(prefix = "rootstock.grpc")
public interface GrpcSettings {
    /**
     * Age at which a connection takes no more calls, plus or minus 10 %: its client resolves the name of the service and
     * connects again, to services that were added meanwhile and with current certificates. No call fails. At least 1s.
     */
    @WithDefault("5m")
    Duration connectionAge();

    /** Time after which calls in flight on such a connection are ended. Not set: the connection stays open until they end. */
    Optional<Duration> connectionAgeGrace();
}
